import { inventedEmail, inventedName, inventedNote, inventedPhone } from '../../chance/invented-words.ts';
import { dateTimeText, timeText } from '../../clock/wall-clock.ts';
import { businessDate, enteredTime, type Fill } from '../fill.ts';

/** People who work in the practice, what they may do, and when. */
export const STAFF_FILLS: readonly Fill[] = [
  {
    table: 'usergroup',
    remembers: [],
    row: ({ index }) => ({ Description: ['Front Desk', 'Hygiene', 'Doctors', 'Billing', 'Admin'][index % 5] }),
  },
  {
    table: 'employee',
    remembers: [],
    row: ({ draw, index, practice }) => ({
      LName: inventedName(draw),
      FName: inventedName(draw),
      MiddleI: draw.pick(['', 'A', 'Q']),
      ClockStatus: draw.pick(['Working', 'Home', 'Lunch', 'Break']),
      PhoneExt: 100 + index,
      PayrollID: draw.digits(6),
      WirelessPhone: inventedPhone(draw),
      EmailWork: inventedEmail(draw),
      ReportsTo: practice.link('employee', 'EmployeeNum', draw),
    }),
  },
  {
    table: 'provider',
    remembers: [],
    row: ({ draw, index, practice }) => ({
      Abbr: `DR${index + 1}`,
      ItemOrder: index,
      LName: inventedName(draw),
      FName: inventedName(draw),
      Suffix: draw.pick(['DMD', 'DDS', 'RDH', '']),
      FeeSched: practice.link('feesched', 'FeeSchedNum', draw),
      Specialty: practice.outside(draw.int(1, 9)),
      StateLicense: draw.digits(8),
      NationalProvID: draw.digits(10),
      IsSecondary: index % 3 === 2 ? 1 : 0,
      IsHidden: draw.chance(0.2) ? 1 : 0,
      Birthdate: `19${draw.int(45, 95)}-0${draw.int(1, 9)}-1${draw.int(0, 9)}`,
      WebSchedDescript: inventedNote(draw, 3),
      HourlyProdGoalAmt: draw.money(150, 600),
      PreferredName: inventedName(draw),
    }),
  },
  {
    table: 'userod',
    remembers: [],
    row: ({ draw, index, practice, at }) => ({
      UserName: `${inventedName(draw)}${index}`,
      Password: `SHA3-512$${draw.hex(16)}$${draw.hex(64)}`,
      UserGroupNum: practice.link('usergroup', 'UserGroupNum', draw),
      EmployeeNum: practice.link('employee', 'EmployeeNum', draw),
      ProvNum: draw.chance(0.3) ? practice.link('provider', 'ProvNum', draw) : 0,
      IsHidden: draw.chance(0.3) ? 1 : 0,
      PasswordIsStrong: 1,
      FailedAttempts: draw.chance(0.1) ? draw.int(1, 4) : 0,
      DateTLastLogin: dateTimeText(at.edited),
      DomainUser: draw.chance(0.3) ? inventedName(draw) : '',
      BadgeId: draw.digits(8),
    }),
  },
  {
    table: 'usergroupattach',
    remembers: [],
    row: ({ draw, practice }) => ({
      UserNum: practice.link('userod', 'UserNum', draw),
      UserGroupNum: practice.link('usergroup', 'UserGroupNum', draw),
    }),
  },
  {
    table: 'userodapptview',
    row: ({ draw, practice }) => ({ ApptViewNum: practice.outside(draw.int(1, 12)) }),
  },
  {
    table: 'userodpref',
    row: ({ draw, practice }) => ({
      Fkey: practice.outside(draw.int(0, 20)),
      FkeyType: draw.int(0, 12),
      ValueString: draw.pick(['', 'False', '3,7,12', '{"Theme":"Dark"}', 'Column1|Column2']),
    }),
  },
  {
    table: 'timeadjust',
    row: (input) => ({
      EmployeeNum: input.practice.link('employee', 'EmployeeNum', input.draw),
      TimeEntry: enteredTime(input),
      RegHours: `${input.draw.pick(['', '-'])}${input.draw.int(0, 79)}:30:00`,
      OTimeHours: input.draw.pick(['00:00:00', '01:15:00', '-00:45:00', '40:00:00']),
      PtoHours: input.draw.pick(['00:00:00', '08:00:00', '-08:00:00']),
      Note: inventedNote(input.draw, 1),
      IsAuto: input.draw.int(0, 1),
    }),
  },
  {
    table: 'schedule',
    remembers: [],
    row: (input) => {
      const { draw, practice } = input;
      const type = draw.pick([0, 1, 1, 1, 2, 3]);
      const start = draw.int(28, 52) * 900;
      return {
        SchedDate: businessDate(input, 2, 120),
        StartTime: type === 0 ? '00:00:00' : timeText(start),
        StopTime: type === 0 ? '00:00:00' : timeText(start + draw.int(4, 20) * 900),
        SchedType: type,
        ProvNum: type === 1 ? practice.link('provider', 'ProvNum', draw) : 0,
        BlockoutType: type === 2 ? practice.outside(draw.int(1, 6)) : 0,
        EmployeeNum: type === 3 ? practice.link('employee', 'EmployeeNum', draw) : 0,
        Note: draw.chance(0.2) ? inventedNote(draw, 1) : '',
      };
    },
  },
  {
    table: 'scheduleop',
    row: ({ draw, practice }) => ({
      ScheduleNum: practice.link('schedule', 'ScheduleNum', draw),
      OperatoryNum: practice.outside(draw.int(1, 10)),
    }),
  },
];
