/** `npm run contact-sheet`: combines all reference pictures of test/looks in docs/contact-sheet.png. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumArguments } from '../support/chromium-arguments.mjs';
import { ensureChromium } from '../../scripts/find-browser.mjs';
import { projectRoot } from '../../scripts/project-root.mjs';

const REFERENCES = join(projectRoot, 'test/looks/references');
const SHEET = join(projectRoot, 'docs/contact-sheet.png');
/** Scale, relative to the size on a screen. */
const SCALE = 0.32;
const COLUMNS = ['light-ltr', 'light-rtl', 'dark-ltr', 'dark-rtl'];

const STYLE = `
  body { display: inline-grid; grid-template-columns: repeat(${COLUMNS.length}, auto); gap: 10px 18px;
    margin: 0; padding: 16px; background: #fff; font: 600 13px sans-serif; color: #333 }
  h2 { grid-column: 1 / -1; margin: 8px 0 -4px; font-size: 13px }
  div { display: flex; align-items: start; gap: 10px }
  img { zoom: ${SCALE}; border-radius: 12px }`;

async function sheetHtml(): Promise<string> {
  const files = (await readdir(REFERENCES)).filter((file) => file.endsWith('.png'));
  const looks = new Set(files.map((file) => file.replace(/-(light|dark)-.*/, '')));
  const picture = async (file: string): Promise<string> => {
    const content = await readFile(join(REFERENCES, file), 'base64');
    return `<img src="data:image/png;base64,${content}" alt="" />`;
  };
  const cell = async (look: string, column: string): Promise<string> => {
    const own = files.filter((file) => file.startsWith(`${look}-${column}-`)).sort();
    return `<div>${(await Promise.all(own.map(picture))).join('')}</div>`;
  };
  const rows = await Promise.all(
    [...looks].map(async (look) => {
      const cells = await Promise.all(COLUMNS.map((column) => cell(look, column)));
      return `<h2>${look.replaceAll('-', ', ')}</h2>${cells.join('')}`;
    }),
  );
  return `<!doctype html><style>${STYLE}</style>${rows.join('')}`;
}

const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: [...chromiumArguments],
});
try {
  const page = await browser.newPage({ viewport: { width: 2400, height: 1000 } });
  await page.setContent(await sheetHtml());
  await page.locator('body').screenshot({ path: SHEET });
  console.log('Wrote docs/contact-sheet.png.');
} finally {
  await browser.close();
}
