import { inventedNote } from '../../chance/invented-words.ts';
import { enteredTime, type Fill, type FillInput, randomKey } from '../fill.ts';
import type { Row } from '../practice.ts';

/** Tasks people give each other, and the trail that everybody leaves. */
export const TASK_AND_LOG_FILLS: readonly Fill[] = [
  { table: 'task', remembers: ['Descript'], row: taskRow },
  {
    table: 'taskhist',
    row: (input) => ({
      UserNumHist: input.practice.link('userod', 'UserNum', input.draw),
      DateTStamp: enteredTime(input),
      TaskNum: input.practice.link('task', 'TaskNum', input.draw),
      ...taskRow(input),
    }),
  },
  {
    table: 'tasknote',
    row: (input) => ({
      TaskNum: input.practice.link('task', 'TaskNum', input.draw),
      DateTimeNote: enteredTime(input),
      Note: inventedNote(input.draw, 1),
    }),
  },
  {
    table: 'tasksubscription',
    row: ({ draw, practice }) => ({
      TaskListNum: draw.chance(0.7) ? practice.link('tasklist', 'TaskListNum', draw) : 0,
      TaskNum: draw.chance(0.3) ? practice.link('task', 'TaskNum', draw) : 0,
    }),
  },
  { table: 'taskunread', row: ({ draw, practice }) => ({ TaskNum: practice.link('task', 'TaskNum', draw) }) },
  {
    table: 'securitylog',
    row: (input) => ({
      PermType: input.draw.int(1, 200),
      LogDateTime: enteredTime(input),
      LogText: inventedNote(input.draw, 1),
      PatNum: input.draw.chance(0.7) ? input.practice.link('patient', 'PatNum', input.draw) : 0,
      CompName: `WS${input.draw.int(1, 20)}`,
      FKey: input.draw.chance(0.5) ? input.practice.link('appointment', 'AptNum', input.draw) : 0,
      LogSource: input.draw.int(0, 20),
    }),
  },
  {
    table: 'securityloghash',
    row: ({ draw, practice, index }) => ({
      SecurityLogNum: practice.addedKey('securitylog', index),
      LogHash: draw.hex(64),
    }),
  },
];

function taskRow(input: FillInput): Row {
  const { draw, practice } = input;
  const isDone = draw.chance(0.7);
  return {
    TaskListNum: practice.link('tasklist', 'TaskListNum', draw),
    KeyNum: practice.link('patient', 'PatNum', draw),
    Descript: inventedNote(draw, 2),
    TaskStatus: isDone ? 2 : draw.int(0, 1),
    ObjectType: 1,
    DateTimeEntry: enteredTime(input),
    DateTimeFinished: isDone ? enteredTime(input) : '0001-01-01 00:00:00',
    ReminderGroupId: draw.chance(0.1) ? randomKey(input) : '',
    DateTimeOriginal: enteredTime(input),
  };
}
