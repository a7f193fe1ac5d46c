/** The first thing a keyboard reaches: past everything that is the same on every page. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-40 focus:rounded-md focus:bg-background focus:px-4 focus:py-2 focus:text-link focus:underline"
    >
      Skip to main content
    </a>
  );
}
