import { z } from 'zod';

/**
 * One thing that the doctor tried. `name` says what (`Present the token`), `detail` what it did and what came back, in
 * one line without any secret; `ms` is null for what was not tried.
 */
export const DoctorCheck = z.object({
  name: z.string(),
  detail: z.string(),
  state: z.enum(['passed', 'failed', 'not_tried']),
  ms: z.number().nonnegative().nullable(),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;

/**
 * What the doctor found: a finding is an answer (200), also when the server cannot be reached. `cameBack` is the raw
 * answer to the check that failed; `advice` says what to do, lines that begin with `$ ` are commands to copy.
 */
export const DoctorReport = z.object({
  checks: z.array(DoctorCheck),
  cameBack: z.string().nullable(),
  advice: z.string().nullable(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
