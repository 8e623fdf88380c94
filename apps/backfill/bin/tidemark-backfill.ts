#!/usr/bin/env -S node --
// Without the `--` Node would take --env-file for a flag of its own, wherever it stands in the command line.
import '../src/main.ts';
