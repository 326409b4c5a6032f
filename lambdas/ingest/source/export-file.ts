/**
 * A file that a shop delivered. It is read from its beginning more than once, each time by a new `open()`, which yields
 * the same bytes; whoever reads may keep the chunks but not write to them.
 */
export interface ExportFile {
  /** Name as delivered, without folders; shown, never used as a path. */
  readonly name: string;
  /** Size as delivered, in bytes. */
  readonly bytes: number;
  readonly deliveredAt: Date;
  open(): AsyncIterable<Uint8Array>;
}
