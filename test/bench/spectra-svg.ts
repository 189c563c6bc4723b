/** Draws the output levels of resamplers by frequency, as SVG for the documentation. */

export interface Spectrum {
  readonly label: string;
  /** kHz and dB. */
  readonly points: readonly (readonly [number, number])[];
}

const WIDTH = 860;
const HEIGHT = 460;
const PLOT = { left: 64, top: 64, right: 836, bottom: 404 };
const MAX_KHZ = 24;
const MAX_DB = 10;
const MIN_DB = -150;
/** The last one is drawn on top, and strongest. */
const STYLES = [
  { colour: '#c2410c', width: 1.6 },
  { colour: '#6d7f96', width: 1.6 },
  { colour: '#0f766e', width: 2.4 },
];

function x(kHz: number): number {
  return PLOT.left + (kHz / MAX_KHZ) * (PLOT.right - PLOT.left);
}

function y(db: number): number {
  const clamped = Math.max(MIN_DB, Math.min(MAX_DB, db));
  return PLOT.top + ((MAX_DB - clamped) / (MAX_DB - MIN_DB)) * (PLOT.bottom - PLOT.top);
}

function text(atX: number, atY: number, content: string, attributes = ''): string {
  return `<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}" ${attributes}>${content}</text>`;
}

function grid(): string {
  const lines: string[] = [];
  for (let kHz = 0; kHz <= MAX_KHZ; kHz += 2) {
    lines.push(`<path class="grid" d="M${x(kHz).toFixed(1)} ${PLOT.top}V${PLOT.bottom}"/>`);
    lines.push(text(x(kHz), PLOT.bottom + 18, String(kHz), 'text-anchor="middle"'));
  }
  for (let db = 0; db >= MIN_DB; db -= 30) {
    lines.push(`<path class="grid" d="M${PLOT.left} ${y(db).toFixed(1)}H${PLOT.right}"/>`);
    lines.push(text(PLOT.left - 8, y(db) + 4, String(db).replace('-', '−'), 'text-anchor="end"'));
  }
  return lines.join('\n');
}

function curve({ points }: Spectrum, index: number): string {
  const { colour, width } = STYLES[index] ?? { colour: '#000', width: 1 };
  const d = points
    .map(([kHz, db], i) => `${i === 0 ? 'M' : 'L'}${x(kHz).toFixed(1)} ${y(db).toFixed(1)}`)
    .join('');
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
}

function legend(spectra: readonly Spectrum[]): string {
  let at = PLOT.left;
  const entries: string[] = [];
  spectra.forEach(({ label }, index) => {
    const { colour, width } = STYLES[index] ?? { colour: '#000', width: 1 };
    entries.push(`<path d="M${at} 44h22" stroke="${colour}" stroke-width="${width + 0.6}"/>`);
    entries.push(text(at + 28, 48, label));
    at += 60 + label.length * 7;
  });
  return entries.join('\n');
}

export function drawSpectra(spectra: readonly Spectrum[]): string {
  const edge = x(12);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#1f2937">
<title>Resampling from 48 to 24 kHz: output level for a tone of each frequency</title>
<style>.grid{stroke:#e2e8f0;stroke-width:1}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(PLOT.left, 24, 'Resampling from 48 to 24 kHz: output level for a tone of each frequency', 'font-size="15" font-weight="600"')}
${legend(spectra)}
<rect x="${edge}" y="${PLOT.top}" width="${PLOT.right - edge}" height="${PLOT.bottom - PLOT.top}" fill="#fef2f2"/>
${grid()}
${text(edge + 10, PLOT.top + 40, 'above 12 kHz nothing should come out:', 'fill="#7f1d1d"')}
${text(edge + 10, PLOT.top + 56, 'what does is heard at a wrong pitch', 'fill="#7f1d1d"')}
${spectra.map(curve).join('\n')}
${text((PLOT.left + PLOT.right) / 2, HEIGHT - 14, 'frequency of the tone, kHz', 'text-anchor="middle"')}
${text(18, (PLOT.top + PLOT.bottom) / 2, 'level, dB', `text-anchor="middle" transform="rotate(-90 18 ${(PLOT.top + PLOT.bottom) / 2})"`)}
</svg>
`;
}
