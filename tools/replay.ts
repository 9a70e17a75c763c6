import './guard.ts';
import { AppError } from '#shared/kernel/error.ts';
import { parseReplayArguments, REPLAY_USAGE } from './replay/arguments.ts';
import { replayJson, replayText } from './replay/report.ts';
import { replayLog } from './replay/run.ts';

const parsed = parseReplayArguments(process.argv.slice(2));
if (parsed.kind === 'help') console.log(REPLAY_USAGE);
else if (parsed.kind === 'error') {
  console.error(`${parsed.message}\n\n${REPLAY_USAGE}`);
  process.exitCode = 2;
} else {
  try {
    const report = await replayLog(parsed.options, (line) => console.error(line));
    console.log(parsed.options.json ? JSON.stringify(replayJson(report), undefined, 2) : replayText(report));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
