/** Phones ask first, and read from the URL when the visitor has answered. */
const KEEP_MS = 60_000;

/** Saves a file as a download. Nothing leaves the device. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

/** `conversation-2026-03-05-0907.txt`, in local time. */
export function fileName(startedAt: Date, ending: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [startedAt.getFullYear(), two(startedAt.getMonth() + 1), two(startedAt.getDate())].join('-');
  return `conversation-${day}-${two(startedAt.getHours())}${two(startedAt.getMinutes())}.${ending}`;
}
