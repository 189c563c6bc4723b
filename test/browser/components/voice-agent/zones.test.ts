/** With zone.js, Angular runs change detection after every task of its zone. */
import 'zone.js';
import { expect } from 'chai';
import { clearPage, find, mount, nextFrames, until } from '../support/mount.js';

interface Zone {
  fork(spec: object): Zone;
  run<Result>(act: () => Result): Result;
}
interface Delegate {
  invokeTask(zone: Zone, task: Task, self: unknown, parameters: unknown): unknown;
}
interface Task {
  readonly source: string;
}
declare const Zone: { readonly current: Zone };

describe('VoiceAgentElement in a zone', () => {
  afterEach(clearPage);

  it('runs no task in the zone during speech, except those of the page’s listeners', async () => {
    const tasks: string[] = [];
    const angular = Zone.current.fork({
      name: 'angular',
      onInvokeTask(
        delegate: Delegate,
        _current: Zone,
        target: Zone,
        task: Task,
        self: unknown,
        args: unknown,
      ) {
        tasks.push(task.source);
        return delegate.invokeTask(target, task, self, args);
      },
    });
    const element = await angular.run(() => mount());
    angular.run(() => void element.start());
    element.script.enter('listening');
    const canvas = find(element, 'canvas') as HTMLCanvasElement;
    const picture = (): string => canvas.toDataURL();
    const silent = picture();
    tasks.length = 0;
    for (let count = 0; count < 10; count++) {
      element.script.levels(0.3, 0.5);
      await nextFrames();
    }
    await until(() => picture() !== silent, 'it moves');
    expect(tasks).to.deep.equal([]);
    angular.run(() => element.addEventListener('levels', () => undefined));
    element.script.levels(0.3, 0.5);
    expect(tasks.length).to.equal(1);
  });
});
