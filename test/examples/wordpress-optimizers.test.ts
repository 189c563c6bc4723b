/**
 * The plugin together with real optimizers. They are in no package registry, so this needs a folder with unpacked copies:
 * `OPTIMIZERS_DIR=<folder> npm run test:examples -- wordpress-optimizers`, with the names of the plugin repository.
 * `wordpress.test.ts` emulates what they do to a page.
 */
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installDebianPackages } from '../../scripts/debian-packages.mjs';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { openPage } from '../support/page-call.js';
import {
  missingForWordPress,
  startWordPress,
  talkOn,
  type WordPressSite,
} from '../support/wordpress-site.js';

const KEY = 'local-0123456789abcdef-wordpress';
const FOLDER = process.env['OPTIMIZERS_DIR'];

interface Optimizer {
  readonly main: string;
  /** Turns on everything that it can do to scripts. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The trace of its work in the page. */
  readonly trace: RegExp;
}

const OPTIMIZERS: Readonly<Record<string, Optimizer>> = {
  'page-optimize': {
    main: 'page-optimize.php',
    options: { 'page_optimize-js': '1', 'page_optimize-load-mode': 'defer', 'page_optimize-js-exclude': '' },
    trace: /_static\/\?\?|data-handles=/,
  },
  autoptimize: {
    main: 'autoptimize.php',
    options: {
      autoptimize_js: 'on',
      autoptimize_js_aggregate: 'on',
      autoptimize_js_include_inline: 'on',
      autoptimize_js_exclude: '',
      autoptimize_js_forcehead: '',
      autoptimize_html: 'on',
      autoptimize_css: 'on',
      autoptimize_minify_excluded: 'on',
    },
    trace: /cache\/autoptimize\/js\//,
  },
  'jetpack-boost': {
    main: 'jetpack-boost.php',
    options: {
      'jetpack_boost_status_render-blocking-js': '1',
      'jetpack_boost_status_minify-js': '1',
      jetpack_boost_ds_modules_state_render_blocking_js: { active: true },
    },
    trace: /_jb_static|data-jetpack-boost="(?!ignore)|\/boost-cache\//,
  },
  'litespeed-cache': {
    main: 'litespeed-cache.php',
    options: {
      'litespeed.conf.optm-js_min': '1',
      'litespeed.conf.optm-js_comb': '1',
      'litespeed.conf.optm-js_comb_ext_inl': '1',
      'litespeed.conf.optm-js_defer': '2',
      'litespeed.conf.optm-guest_only': '0',
    },
    trace: /litespeed\/javascript|litespeed\/js\//,
  },
};

const installed = FOLDER === undefined ? [] : await readdir(FOLDER);

describe.runIf(FOLDER)('the plugin for WordPress beside', () => {
  const talk = prepareTalk({ apiKey: KEY });
  let example: ExampleProject;
  let site: WordPressSite;

  beforeAll(async () => {
    await installDebianPackages(await missingForWordPress());
    example = await installExample('wordpress');
    site = await startWordPress(example, [], {
      ASSEMBLYAI_API_KEY: KEY,
      ASSEMBLYAI_TOKEN_URL: `${talk.agent.url}/v1/token`,
      ASSEMBLYAI_WS_URL: talk.agent.wsUrl,
    });
  });

  afterAll(() => example[Symbol.asyncDispose]());

  /** Activates one optimizer, and adds scripts to the site for it to optimize. */
  async function activate(name: string, { main, options }: Optimizer): Promise<void> {
    const content = join(site.line('Folder:'), 'www/wp-content');
    await cp(join(FOLDER!, name), join(content, 'plugins', name), { recursive: true });
    await mkdir(join(content, 'mu-plugins'), { recursive: true });
    const values = Buffer.from(JSON.stringify(options)).toString('base64');
    await writeFile(
      join(content, 'mu-plugins/optimizer.php'),
      `<?php
foreach ( json_decode( base64_decode( '${values}' ), true ) as $name => $value ) {
	add_filter( "pre_option_$name", function () use ( $value ) { return $value; } );
}
add_filter( 'option_active_plugins', function ( $list ) { return array_merge( (array) $list, array( '${name}/${main}' ) ); } );
add_action( 'wp_enqueue_scripts', function () {
	foreach ( array( 'jquery', 'underscore', 'backbone' ) as $handle ) { wp_enqueue_script( $handle ); }
	wp_add_inline_script( 'backbone', 'window.siteScript = 1;' );
} );
`,
    );
  }

  test.each(Object.entries(OPTIMIZERS).filter(([name]) => installed.includes(name)))(
    '%s: it is at work, leaves our scripts alone, and the tag talks',
    async (name, optimizer) => {
      await activate(name, optimizer);
      const url = `${site.url}talk/`;
      // Some work is done in the background and ready for the second visitor.
      await fetch(url);
      const html = await (await fetch(url)).text();
      expect(html).toMatch(optimizer.trace);
      const ours = html.match(/<script[^>]*plugins\/voice-agent\/[^>]*>/g) ?? [];
      expect(ours).toHaveLength(2);
      for (const script of ours) expect(script).toMatch(/\stype=.module.\s/);
      const { page } = await openPage(talk.browser, url);
      expect(await talkOn(page, url, 'Hello from WordPress.')).toBe('blob');
      await page.context().close();
    },
  );
});
