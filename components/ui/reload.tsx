type Props = {
  readonly everySeconds: number;
  /** Whether the page has something to type in, which loading it again would wipe. */
  readonly typing: boolean;
};

/** How a page comes to be up to date without script: by itself, or when somebody asks. */
export function Reload({ everySeconds, typing }: Props) {
  return (
    <noscript>
      {typing ? (
        <p>
          {/* biome-ignore lint/a11y/useValidAnchor: the page itself, whatever its address asks for. */}
          <a href="" className="text-link underline underline-offset-3">
            Load this page again
          </a>
        </p>
      ) : (
        <meta httpEquiv="refresh" content={String(everySeconds)} />
      )}
    </noscript>
  );
}
