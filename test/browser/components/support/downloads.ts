import './dispose-symbol.js';

/** Captures the files that the page saves. */
export interface SavedFile {
  readonly name: string;
  readonly content: Blob;
}

export interface Downloads extends Disposable {
  readonly files: readonly SavedFile[];
}

/** Records every click on a download link instead of saving the file. */
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
