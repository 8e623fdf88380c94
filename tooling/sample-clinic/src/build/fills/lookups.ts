import { inventedEmail, inventedName, inventedNote } from '../../chance/invented-words.ts';
import type { Draw } from '../../chance/draw.ts';
import type { Fill } from '../fill.ts';

/** Fonts and places shared by a sheet's definition and its fields. */
const FONT = 'Microsoft Sans Serif';

function placeOnPage(draw: Draw): { XPos: number; YPos: number; Width: number; Height: number } {
  return { XPos: draw.int(0, 700), YPos: draw.int(0, 1000), Width: draw.int(20, 400), Height: draw.int(12, 60) };
}

/** Lists that the rest of the practice points at. They change seldom, and most have no stamp. */
export const LOOKUP_FILLS: readonly Fill[] = [
  {
    table: 'feesched',
    remembers: [],
    row: ({ draw, index }) => ({
      Description: index === 0 ? 'UCR' : `Plan ${inventedName(draw)} ${2015 + (index % 11)}`,
      FeeSchedType: draw.int(0, 3),
      ItemOrder: index,
    }),
  },
  {
    table: 'procedurecode',
    remembers: ['ProcCode'],
    row: ({ draw, index, practice }) => ({
      ProcCode: `D${String((index * 37) % 10_000).padStart(4, '0')}`,
      Descript: draw.pick(['prophylaxis - adult', 'crown - porcelain', 'composite, 2 surfaces', 'periodic exam']),
      AbbrDesc: draw.pick(['Pro', 'Crn', 'Comp2', 'Ex', 'BW4']),
      ProcTime: draw.pick(['/X/', '/XXXX/', '/XXXXXXXX/']),
      ProcCat: practice.outside(draw.int(1, 12)),
      TreatArea: draw.int(0, 7),
      DefaultNote: draw.chance(0.4) ? inventedNote(draw, 2) : '',
      LaymanTerm: draw.pick(['cleaning', 'crown', 'filling', '']),
      CanadaTimeUnits: draw.pick([0, 1, 1.5]),
    }),
  },
  {
    table: 'fee',
    row: ({ draw, practice }) => ({
      Amount: draw.chance(0.02) ? -1 : draw.money(15, 1800),
      FeeSched: practice.link('feesched', 'FeeSchedNum', draw),
      CodeNum: practice.link('procedurecode', 'CodeNum', draw),
      ClinicNum: 0,
      ProvNum: 0,
    }),
  },
  {
    table: 'recalltype',
    remembers: [],
    row: ({ draw, index }) => ({
      Description: ['Prophy', 'Child Prophy', 'Perio', '4BW', 'Pano'][index % 5],
      DefaultInterval: draw.pick([393_216, 196_608, 16_777_216]),
      TimePattern: '/XXXX/',
      Procedures: 'D0120,D1110',
    }),
  },
  {
    table: 'recalltrigger',
    row: ({ draw, practice }) => ({
      RecallTypeNum: practice.link('recalltype', 'RecallTypeNum', draw),
      CodeNum: practice.link('procedurecode', 'CodeNum', draw),
    }),
  },
  {
    table: 'medication',
    remembers: [],
    row: ({ draw, practice, index }) => ({
      MedName: `${inventedName(draw)}cillin ${draw.int(1, 9) * 50} mg`,
      GenericNum: practice.addedKey('medication', index),
      Notes: draw.chance(0.3) ? inventedNote(draw, 1) : '',
      RxCui: practice.outside(draw.int(1, 9999)),
    }),
  },
  {
    table: 'pharmacy',
    remembers: [],
    row: ({ draw }) => ({
      PharmID: draw.digits(7),
      StoreName: `${inventedName(draw)} Pharmacy`,
      Phone: `(555)555-01${draw.int(10, 99)}`,
      Address: `${draw.int(1, 999)} ${inventedName(draw)} St`,
      City: inventedName(draw),
      State: 'ZZ',
      Zip: `000${draw.int(10, 99)}`,
      Note: draw.chance(0.3) ? inventedNote(draw, 1) : null,
    }),
  },
  {
    table: 'pharmclinic',
    row: ({ draw, practice }) => ({ PharmacyNum: practice.link('pharmacy', 'PharmacyNum', draw) }),
  },
  {
    table: 'program',
    remembers: [],
    row: ({ draw, index }) => ({
      ProgName: `Bridge${index}`,
      ProgDesc: `${inventedName(draw)} from ${inventedName(draw)} Inc.`,
      Enabled: draw.chance(0.1) ? 1 : 0,
      Path: `C:\\Program Files\\${inventedName(draw)}\\run.exe`,
      CommandLine: draw.chance(0.2) ? '-p [PatNum] -n "[LName], [FName]"' : '',
      Note: draw.chance(0.3) ? inventedNote(draw, 1) : '',
    }),
  },
  {
    table: 'programproperty',
    row: ({ draw, practice }) => ({
      ProgramNum: practice.link('program', 'ProgramNum', draw),
      PropertyDesc: draw.pick(['Enter 0 to use PatientNum', 'Image Folder', 'Username', 'API key', 'Version']),
      PropertyValue: draw.pick(['0', '1', '', 'C:\\Images\\', draw.hex(24)]),
      IsMasked: draw.chance(0.1) ? 1 : 0,
    }),
  },
  {
    table: 'rxdef',
    remembers: ['Drug'],
    row: ({ draw, practice }) => ({
      Drug: `${inventedName(draw)}cillin`,
      Sig: 'take 1 tab q6h prn',
      Disp: String(draw.int(4, 40)),
      Refills: String(draw.int(0, 3)),
      RxCui: practice.outside(draw.int(1, 9999)),
      PatientInstruction: inventedNote(draw, 2),
    }),
  },
  {
    table: 'rxnorm',
    row: ({ draw, practice, index }) => ({
      RxCui: String(practice.outside(index + 1)),
      MmslCode: draw.chance(0.5) ? draw.digits(5) : '',
      Description: `${inventedName(draw)} ${draw.int(1, 500)} MG Oral Tablet [${inventedName(draw)}]`,
    }),
  },
  {
    table: 'zipcode',
    row: ({ draw }) => ({
      ZipCodeDigits: `00${draw.digits(3)}`,
      City: inventedName(draw),
      State: 'ZZ',
      IsFrequent: draw.chance(0.1) ? 1 : 0,
    }),
  },
  {
    table: 'referral',
    remembers: [],
    row: ({ draw, practice }) => ({
      LName: inventedName(draw),
      FName: inventedName(draw),
      SSN: '000000000',
      Specialty: practice.outside(draw.int(1, 9)),
      ST: 'ZZ',
      Telephone: '5555550100',
      Note: draw.chance(0.3) ? inventedNote(draw, 1) : '',
      EMail: inventedEmail(draw),
      DisplayNote: inventedNote(draw, 4),
    }),
  },
  {
    table: 'sheetdef',
    remembers: [],
    row: ({ draw, index }) => ({
      Description: `${draw.pick(['Medical History', 'Consent', 'Patient Letter', 'Exam'])} ${index}`,
      SheetType: draw.int(0, 23),
      FontSize: draw.pick([8.25, 9, 11.1]),
      FontName: FONT,
      Width: 850,
      Height: 1100,
      PageCount: draw.int(1, 3),
    }),
  },
  {
    table: 'sheetfielddef',
    remembers: ['FieldName'],
    row: ({ draw, practice, index }) => ({
      SheetDefNum: practice.link('sheetdef', 'SheetDefNum', draw),
      FieldType: draw.int(0, 12),
      FieldName: `field${index}`,
      FieldValue: draw.chance(0.5) ? inventedNote(draw, 1) : '',
      FontSize: draw.pick([8.25, 9, 11.1]),
      FontName: FONT,
      ...placeOnPage(draw),
      TabOrder: index,
      Language: draw.pick(['', '', 'es']),
    }),
  },
  {
    table: 'tasklist',
    remembers: [],
    row: ({ draw, practice }) => ({
      Descript: draw.pick(['Inbox', 'Front', 'Lab cases', 'Call backs', 'Unscheduled']),
      Parent: draw.chance(0.5) ? practice.link('tasklist', 'TaskListNum', draw) : 0,
      DateTimeEntry: '0001-01-01 00:00:00',
    }),
  },
];
