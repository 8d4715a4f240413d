/**
 * The records that match, newest first: the first page is asked again whenever a record is added, older pages come as one
 * scrolls down. Answers to an older question are dropped.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ActivityPageView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { sentenceOf } from '../../words';
import type { Question } from './activity-filters';

type Rows = ActivityPageView['rows'];

const pageRows = 100;

export interface ActivityPages {
  /** Undefined until the first answer. */
  readonly rows: Rows | undefined;
  readonly matched: number;
  /** How far back a search has looked; null once it has looked at everything. */
  readonly lookedBackToMs: number | null;
  readonly problem: string;
  readonly more: () => void;
  readonly again: () => void;
}

export function useActivityPages(asked: Question, lastSeq: number): ActivityPages {
  const [rows, setRows] = useState<Rows>();
  const [matched, setMatched] = useState(0);
  const [lookedBackToMs, setLookedBack] = useState<number | null>(null);
  const [problem, setProblem] = useState('');
  const [round, setRound] = useState(0);
  const hasMore = useRef(false);
  const isAsking = useRef(false);
  const key = JSON.stringify(asked);
  const question = useRef(key);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new record, or the technician, asks again.
  useEffect(() => {
    const isSame = question.current === key;
    question.current = key;
    let isWanted = true;
    call('activity.list', { ...JSON.parse(key), limit: pageRows }).then(
      (page) => {
        if (!isWanted) return;
        setProblem('');
        setMatched(page.matched);
        setLookedBack(page.lookedBackToMs);
        setRows((before) => (isSame && before !== undefined ? joined(page.rows, before) : page.rows));
        if (!isSame || !hasMore.current) hasMore.current = page.more;
        // The same question goes on where the search stopped.
        if (page.lookedBackToMs !== null) setRound((before) => before + 1);
      },
      (error: unknown) => isWanted && setProblem(sentenceOf(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [key, lastSeq, round]);

  const oldest = rows?.at(-1)?.seq;
  const more = useCallback(() => {
    if (oldest === undefined || !hasMore.current || isAsking.current) return;
    isAsking.current = true;
    call('activity.list', { ...JSON.parse(key), limit: pageRows, beforeSeq: oldest })
      .then(
        (page) => {
          if (question.current !== key) return;
          hasMore.current = page.more;
          setRows((before) => joined(before ?? [], page.rows));
        },
        (error: unknown) => setProblem(sentenceOf(error)),
      )
      .finally(() => {
        isAsking.current = false;
      });
  }, [key, oldest]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { rows, matched, lookedBackToMs, problem, more, again };
}

/** The newer rows win; what both have appears once. */
function joined(newer: Rows, older: Rows): Rows {
  const last = newer.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  return [...newer, ...older.filter((row) => row.seq < last)];
}
