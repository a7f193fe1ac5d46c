/** Whether everything is tried, which takes hours, rather than what every change of the sources is tried with. */
export const FULL = process.env.CHAOS === 'full';
