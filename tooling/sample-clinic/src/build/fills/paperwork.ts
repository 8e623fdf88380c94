import { inventedNote } from '../../chance/invented-words.ts';
import { dateTimeText, plusSeconds } from '../../clock/wall-clock.ts';
import { enteredTime, type Fill, randomKeySinceHalfTime } from '../fill.ts';

/** Documents, and forms with their fields. */
export const PAPERWORK_FILLS: readonly Fill[] = [
  {
    table: 'document',
    remembers: ['PatNum'],
    row: (input) => {
      const { draw, practice, index } = input;
      return {
        Description: draw.pick(['BW', 'Pano', 'Consent', 'Insurance card', 'Lettre du médecin']),
        DateCreated: enteredTime(input),
        DocCategory: practice.outside(draw.int(1, 9)),
        PatNum: practice.link('patient', 'PatNum', draw),
        FileName: `scan${index}.jpg`,
        ImgType: draw.int(0, 4),
        DegreesRotated: draw.pick([0, 0, 90, 0.5]),
        Note: draw.chance(0.2) ? inventedNote(draw, 3) : '',
        RawBase64: base64(draw.hex(48), index),
        Thumbnail: draw.chance(0.05) ? draw.hex(400) : '',
        OcrResponseData: draw.chance(0.02) ? '{"text":"Gruppe\\t12"}' : '',
      };
    },
  },
  {
    table: 'sheet',
    key: randomKeySinceHalfTime,
    remembers: ['PatNum'],
    row: (input) => {
      const { draw, practice, at } = input;
      return {
        SheetType: draw.int(0, 23),
        PatNum: practice.link('patient', 'PatNum', draw),
        DateTimeSheet: enteredTime(input),
        FontSize: draw.pick([8.25, 9, 11.1]),
        FontName: 'Arial',
        Width: 850,
        Height: 1100,
        InternalNote: draw.chance(0.1) ? inventedNote(draw, 1) : null,
        Description: 'Medical History',
        IsDeleted: draw.chance(0.03) ? 1 : 0,
        SheetDefNum: practice.link('sheetdef', 'SheetDefNum', draw),
        // The workstation's clock, not the server's: up to an hour behind or twenty minutes ahead.
        DateTSheetEdited: dateTimeText(plusSeconds(at.edited, draw.int(-3600, 1200))),
        RevID: draw.int(0, 4),
      };
    },
  },
  {
    table: 'sheetfield',
    row: ({ draw, practice, index, total }) => {
      const sheets = practice.known('sheet');
      const sheet = sheets[Math.floor((index * sheets.length) / total)] ?? {};
      const definition = practice.any('sheetfielddef', draw);
      return {
        SheetNum: sheet['SheetNum'] ?? 0,
        FieldType: draw.int(0, 12),
        FieldName: definition['FieldName'] ?? '',
        FieldValue: draw.chance(0.6) ? inventedNote(draw, 1) : draw.pick(['X', '', null]),
        FontSize: draw.pick([8.25, 9, 11.1]),
        FontName: 'Arial',
        XPos: draw.int(0, 700),
        YPos: draw.int(0, 1000),
        Width: draw.int(20, 400),
        Height: draw.int(12, 60),
        TabOrder: draw.int(0, 60),
        SheetFieldDefNum: definition['SheetFieldDefNum'] ?? 0,
      };
    },
  },
];

/** Whole files stand in the database where there is no image folder: most rows none, some large. */
function base64(seedText: string, index: number): string {
  if (index === 0) return seedText.repeat(6000);
  return index % 40 === 7 ? seedText.repeat(100 + (index % 9) * 80) : '';
}
