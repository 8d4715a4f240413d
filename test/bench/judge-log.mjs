/** The activity log of a bench held against what reached the server and what was answered, read by itself. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The log read by itself: numbers without a gap, each line with the hash of the one before. */
function readLog(folder) {
  const records = [];
  let [prev, seq, broken] = ['0'.repeat(64), 0, 0];
  for (const name of readdirSync(folder)
    .filter((one) => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(one))
    .sort())
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)) {
      const record = JSON.parse(line);
      if (record.prev !== prev || record.seq !== seq + 1) broken += 1;
      prev = createHash('sha256').update(line).digest('hex');
      seq = record.seq;
      records.push(record);
    }
  return { records, broken };
}

/**
 * @param {Map<string, number>} arrived How often each call reached the server, by its text.
 * @param {Set<string>} answered The texts that came back.
 * @param {boolean} isKilled Whether calls were ended in the middle, so that intents without an end are no mistake.
 */
export function judgeLog(folder, arrived, answered, isKilled = false) {
  const { records, broken } = readLog(folder);
  const intents = new Set();
  const outcomes = new Map();
  const ended = new Set();
  for (const { kind, callId, outcome } of records) {
    if (kind === 'call_intent') intents.add(callId);
    if (kind === 'call_outcome') ended.add(callId);
    if (kind === 'call_outcome' && outcome === 'allowed')
      outcomes.set(callId, (outcomes.get(callId) ?? 0) + 1);
  }
  const count = (what, value, goal = 0) => ({
    what,
    goal: `${goal}`,
    figure: `${value}`,
    holds: value === goal ? 'holds' : 'does not hold',
  });
  const told = (what, value) => ({ what, goal: '', figure: `${value}`, holds: '' });
  const noEnd = (value) => (isKilled ? told : count)('intents without an end in the log', value);
  return [
    told('calls that reached the server', arrived.size),
    told('calls that were answered', answered.size),
    noEnd(intents.size - [...intents].filter((callId) => ended.has(callId)).length),
    told('torn lines moved aside', readdirSync(folder).filter((name) => name.endsWith('.torn')).length),
    count('lines that do not follow the one before', broken),
    count('calls that reached the server twice', [...arrived.values()].filter((times) => times > 1).length),
    count('calls at the server without an intent in the log', Math.max(0, arrived.size - intents.size)),
    count('ends of calls that stand twice', [...outcomes.values()].filter((times) => times > 1).length),
    count('answers without an end in the log', Math.max(0, answered.size - outcomes.size)),
    count(
      'answers of calls that never reached the server',
      [...answered].filter((text) => !arrived.has(text)).length,
    ),
  ];
}
