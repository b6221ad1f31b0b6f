/** How a report is shown. Renderers ignore what does not concern them. */
export interface RenderOptions {
  /** Columns of the terminal; default 80. */
  readonly width?: number;
  /** Colours in terminal output; default false. */
  readonly colour?: boolean;
  /** Complete lists where the default shortens them. */
  readonly verbose?: boolean;
}
