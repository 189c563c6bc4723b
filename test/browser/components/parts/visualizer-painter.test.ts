import { expect } from 'chai';
import { Follower, loudness } from '../../../../components/parts/loudness.js';
import { orbLook } from '../../../../components/parts/orb-look.js';
import { LOOKS } from '../../../../components/parts/visualizer-looks.js';
import { withAlpha } from '../../../../components/parts/visualizer-look.js';
import { VisualizerPainter } from '../../../../components/parts/visualizer-painter.js';
import { emulate, itWithMedia } from '../support/media.js';
import { clearPage, nextFrames, until } from '../support/mount.js';

function canvasOf(size: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = `display: block; inline-size: ${size}px; block-size: ${size}px; color: rgb(0, 0, 255);`;
  document.body.append(canvas);
  return canvas;
}

function pixels(canvas: HTMLCanvasElement): Uint8ClampedArray {
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
}

function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  return a.reduce((count, value, index) => count + (value === b[index] ? 0 : 1), 0);
}

describe('VisualizerPainter', () => {
  let painter: VisualizerPainter | undefined;
  afterEach(async () => {
    painter?.dispose();
    await emulate({ reducedMotion: 'no-preference' });
    clearPage();
  });

  for (const [name, look] of Object.entries(LOOKS))
    it(`draws silence once and requests no frames: ${name}`, async () => {
      const canvas = canvasOf(100);
      painter = new VisualizerPainter(canvas, look);
      await nextFrames();
      expect(pixels(canvas).some((value) => value > 0)).to.equal(true);
      painter.setLevels({ microphone: 0.001, speaker: 0 });
      expect(painter.awake).to.equal(false);
    });

  it('wakes for sound of either side, and returns to the first picture after silence', async () => {
    const canvas = canvasOf(100);
    painter = new VisualizerPainter(canvas, orbLook);
    await nextFrames();
    const silent = pixels(canvas);
    for (const levels of [
      { microphone: 0.2, speaker: 0 },
      { microphone: 0, speaker: 0.2 },
    ]) {
      painter.setLevels(levels);
      expect(painter.awake).to.equal(true);
      await nextFrames();
      await nextFrames();
      expect(difference(pixels(canvas), silent)).to.be.greaterThan(50);
      await until(() => painter?.awake === false, 'the painter sleeps');
    }
  });

  it('requests no frames while it has no size', async () => {
    const canvas = canvasOf(100);
    painter = new VisualizerPainter(canvas, orbLook);
    painter.setLevels({ microphone: 0, speaker: 0.2 });
    expect(painter.awake).to.equal(true);
    canvas.hidden = true;
    canvas.style.display = 'none';
    await until(() => painter?.awake === false, 'it sleeps, though something sounds');
    painter.setLevels({ microphone: 0, speaker: 0.2 });
    expect(painter.awake).to.equal(false);
    canvas.style.display = 'block';
    painter.setLevels({ microphone: 0, speaker: 0.2 });
    expect(painter.awake).to.equal(true);
  });

  it('is sharp again after the page was zoomed', async () => {
    // In a frame, because WebKit does not notice that the property of this window has been replaced.
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const canvas = canvasOf(100);
    frame.contentDocument!.body.append(canvas);
    const view = frame.contentWindow as Window & typeof globalThis;
    painter = new VisualizerPainter(canvas, orbLook);
    await nextFrames();
    const { width } = canvas;
    Object.defineProperty(view, 'devicePixelRatio', { value: 2 * devicePixelRatio });
    view.dispatchEvent(new Event('resize'));
    expect(canvas.width).to.equal(2 * width);
  });

  itWithMedia('never moves with prefers-reduced-motion, also if that is set while it moves', async () => {
    const canvas = canvasOf(100);
    painter = new VisualizerPainter(canvas, orbLook);
    painter.setLevels({ microphone: 0.2, speaker: 0.2 });
    await nextFrames();
    await emulate({ reducedMotion: 'reduce' });
    await until(() => painter?.awake === false, 'the painter stands still');
    const still = pixels(canvas);
    painter.setLevels({ microphone: 0.2, speaker: 0.2 });
    expect(painter.awake).to.equal(false);
    await nextFrames();
    expect(difference(pixels(canvas), still)).to.equal(0);
  });

  it('follows the canvas’s colour and size', async () => {
    const canvas = canvasOf(100);
    canvas.style.transition = 'color 1ms';
    painter = new VisualizerPainter(canvas, (frame) => {
      [frame.context.fillStyle] = frame.colors;
      frame.context.fillRect(0, 0, frame.width, frame.height);
    });
    await until(() => pixels(canvas)[2] === 255, 'it is blue');
    canvas.style.color = 'rgb(255, 0, 0)';
    await until(() => pixels(canvas)[0] === 255, 'it is red');
    canvas.style.inlineSize = '60px';
    await until(() => canvas.width === Math.round(60 * Math.min(2, devicePixelRatio)), 'it is narrower');
    expect(pixels(canvas)[0]).to.equal(255);
  });
});

describe('Loudness', () => {
  it('is linear in decibels from −52 to −14 dBFS', () => {
    expect(loudness(0)).to.equal(0);
    expect(loudness(Number.NaN)).to.equal(0);
    expect(loudness(10 ** (-52 / 20))).to.be.closeTo(0, 1e-9);
    expect(loudness(10 ** (-33 / 20))).to.be.closeTo(0.5, 1e-9);
    expect(loudness(10 ** (-14 / 20))).to.be.closeTo(1, 1e-9);
    expect(loudness(1)).to.equal(1);
  });

  it('is followed at the same speed at every frame rate, faster up than down', () => {
    const slow = new Follower();
    const fast = new Follower();
    slow.step(1, 40);
    for (let step = 0; step < 8; step++) fast.step(1, 5);
    expect(fast.value).to.be.closeTo(slow.value, 1e-9);
    const raised = slow.value;
    slow.step(0, 40);
    expect(raised - slow.value).to.be.lessThan(raised / 2);
    for (let step = 0; step < 100; step++) slow.step(0, 40);
    expect(slow.value, 'it comes to rest exactly').to.equal(0);
  });
});

describe('withAlpha', () => {
  it('changes the opacity of computed colours in every syntax', () => {
    expect(withAlpha('rgb(1, 2, 3)', 0.5)).to.equal('rgba(1, 2, 3, 0.5)');
    expect(withAlpha('rgba(1, 2, 3, 0.1)', 0.5)).to.equal('rgba(1, 2, 3, 0.5)');
    expect(withAlpha('oklch(0.7 0.1 200)', 0.5)).to.equal('oklch(0.7 0.1 200 / 0.5)');
    expect(withAlpha('color(srgb 1 0 0 / 0.2)', 0.5)).to.equal('color(srgb 1 0 0 / 0.5)');
  });
});
