/** What the page saves, instead of a file on the disk of the tests. */
export interface SavedFile {
  readonly name: string;
  readonly content: Blob;
}

export interface Downloads extends Disposable {
  readonly files: readonly SavedFile[];
}

// Not every browser has it yet; `using` is compiled, and looks there then.
if (!Reflect.has(Symbol, 'dispose')) Object.assign(Symbol, { dispose: Symbol.for('Symbol.dispose') });

/** Notes every click on a link that downloads; the click itself does nothing. */
export function catchDownloads(): Downloads {
  const files: SavedFile[] = [];
  const blobs = new Map<string, Blob>();
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  URL.createObjectURL = (content) => {
    const url = createObjectURL.call(URL, content);
    if (content instanceof Blob) blobs.set(url, content);
    return url;
  };
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    files.push({ name: this.download, content: blobs.get(this.href)! });
  };
  return {
    files,
    [Symbol.dispose]() {
      URL.createObjectURL = createObjectURL;
      HTMLAnchorElement.prototype.click = click;
    },
  };
}
