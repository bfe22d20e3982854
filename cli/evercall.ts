/** `npm run evercall -- <subject> …` */
import { apiAt, asking, cliEnvironment } from './api-door.ts';
import { CAMPAIGN_HELP, campaignCommand } from './campaign.ts';

const [subject, ...args] = process.argv.slice(2);
const say = (line: string): void => console.log(line);

if (subject !== 'campaign' || args.length === 0 || args.includes('--help')) {
  say(CAMPAIGN_HELP);
  process.exitCode = subject === 'campaign' || subject === undefined || subject === '--help' ? 0 : 1;
} else {
  try {
    if (!(await campaignCommand(args, { say, ask: asking(apiAt(cliEnvironment(), args)) }))) {
      say(CAMPAIGN_HELP);
      process.exitCode = 1;
    }
  } catch (error) {
    process.stderr.write(`evercall: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
