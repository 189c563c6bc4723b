/** What the page saves, instead of a file on the disk of the tests. */
export interface SavedFile {
  readonly name: string;
  readonly content: Blob;
}

export interface Downloads extends Disposable {
  readonly files: readonly SavedFile[];
  /** Addresses that were given back. */
  readonly revoked: readonly string[];
}

// Not every browser has it yet; `using` is compiled, and looks there then.
if (!Reflect.has(Symbol, 'dispose')) Object.assign(Symbol, { dispose: Symbol.for('Symbol.dispose') });

/** Notes every click on a link that downloads; the click itself does nothing. */
export function catchDownloads(): Downloads {
  const files: SavedFile[] = [];
  const revoked: string[] = [];
  const blobs = new Map<string, Blob>();
  const { createObjectURL, revokeObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  URL.createObjectURL = (content) => {
    const url = createObjectURL.call(URL, content);
    if (content instanceof Blob) blobs.set(url, content);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    revoked.push(url);
    revokeObjectURL.call(URL, url);
  };
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    files.push({ name: this.download, content: blobs.get(this.href)! });
  };
  return {
    files,
    revoked,
    [Symbol.dispose]() {
      Object.assign(URL, { createObjectURL, revokeObjectURL });
      HTMLAnchorElement.prototype.click = click;
    },
  };
}
