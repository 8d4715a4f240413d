import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/preload/contract/reply';
import {
  noFilters,
  questionOf,
  spanStartMs,
} from '../../../src/renderer/src/screens/activity/activity-filters';
import { searchApps } from '../../../src/renderer/src/screens/integrations/search-apps';
import { ago, freeLabel, list, plural, sentenceOf, timeLeft, timeOf } from '../../../src/renderer/src/words';

const noon = new Date(2026, 10, 12, 12, 0, 0).getTime();
const minute = 60_000;

describe('how time is said', () => {
  it('counts down to zero and never below', () => {
    const question = { askedAtMs: noon, expiresAtMs: noon + 10 * minute };
    expect(timeLeft(question, noon + 79_000)).toBe('8:41');
    expect(timeLeft(question, noon + 11 * minute)).toBe('0:00');
  });

  it('never says more than the question was given, though the clock was read before it', () => {
    expect(timeLeft({ askedAtMs: noon, expiresAtMs: noon + 10 * minute }, noon - 900)).toBe('10:00');
  });

  it('says how long ago in the coarsest unit that helps', () => {
    expect(ago(null, noon)).toBe('never');
    expect(ago(noon - 5000, noon)).toBe('just now');
    expect(ago(noon - 5 * minute, noon)).toBe('5 min ago');
    expect(ago(noon - 180 * minute, noon)).toBe('3 h ago');
    expect(ago(noon - 9 * 24 * 60 * minute, noon)).toBe('3 Nov 2026');
  });

  it('adds the day to a time that is not today', () => {
    expect(timeOf(noon, noon)).toBe('12:00:00');
    expect(timeOf(noon - 24 * 60 * minute, noon)).toBe('11 Nov 12:00:00');
  });
});

describe('how numbers and lists are said', () => {
  it('groups thousands and knows one from many', () => {
    expect(plural(1, 'match', 'matches')).toBe('1 match');
    expect(plural(5000, 'record')).toBe('5,000 records');
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(list(['a'])).toBe('a');
  });
});

describe('a label that is free', () => {
  it('is the wanted one, or the first number that nobody has', () => {
    expect(freeLabel('PSA', ['Other'])).toBe('PSA');
    expect(freeLabel('PSA', ['psa', 'PSA 2', 'PSA 4'])).toBe('PSA 3');
  });
});

describe('how failures are said', () => {
  it('says the sentence of a Fault and keeps the insides of anything else', () => {
    expect(sentenceOf(new Fault('bad_input', 'Give a label.'))).toBe('Give a label.');
    expect(sentenceOf(new Error('secret stack'))).not.toContain('secret');
  });
});

describe('the filters of Activity', () => {
  it('begin at local midnight, today, 6 and 29 days before', () => {
    expect(new Date(spanStartMs('today', noon))).toEqual(new Date(2026, 10, 12));
    expect(new Date(spanStartMs('7 days', noon))).toEqual(new Date(2026, 10, 6));
    expect(new Date(spanStartMs('30 days', noon))).toEqual(new Date(2026, 9, 14));
  });

  it('ask main for nothing that was not set', () => {
    expect(questionOf(noFilters, noon)).toEqual({});
    expect(questionOf({ ...noFilters, text: '  48213 ', outcome: 'denied' }, noon)).toEqual({
      text: '48213',
      outcome: 'denied',
    });
  });
});

describe('finding apps', () => {
  const app = (appId: string, name: string, toolNames: string[] = []) => ({
    appId,
    name,
    vendor: '',
    category: 'PSA',
    summary: '',
    logo: { initials: 'A', colour: '#000000' },
    keywords: [],
    toolNames,
  });
  const apps = [app('cw', 'ConnectWise PSA', ['list-tickets']), app('halo', 'HaloPSA', ['list-assets'])];

  it('finds by beginning, by tool and with a wrong letter, and keeps the order when nothing is typed', () => {
    const search = searchApps(apps);
    expect(search('')).toEqual(['cw', 'halo']);
    expect(search('connectw')).toEqual(['cw']);
    expect(search('conectwise')).toEqual(['cw']);
    expect(search('list-assets')).toEqual(['halo']);
    expect(search('halo tickets')).toEqual([]);
  });

  it('takes anything that one can type', () => {
    const search = searchApps(apps);
    for (const text of ['(', '\\', '*'.repeat(200), '💥', '<script>']) expect(search(text)).toEqual([]);
  });
});
