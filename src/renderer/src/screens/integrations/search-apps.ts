/** Finds apps by name, vendor, category and tool names, and forgives a wrong letter. */
import MiniSearch from 'minisearch';
import type { AppCardView } from '../../../../preload/contract/shapes';

/** @returns Judges a search text: the ids of the apps that match, best first; every app for an empty text. */
export function searchApps(apps: readonly AppCardView[]): (text: string) => readonly string[] {
  const index = new MiniSearch({
    idField: 'appId',
    fields: ['name', 'vendor', 'category', 'keywords', 'tools'],
    searchOptions: {
      boost: { name: 8, keywords: 4, vendor: 3, category: 2 },
      combineWith: 'AND',
      prefix: true,
      // One wrong letter in four; short words must be right.
      fuzzy: (term) => (term.length < 4 ? false : 0.25),
    },
  });
  index.addAll(
    apps.map(({ appId, name, vendor, category, keywords, toolNames }) => ({
      appId,
      name,
      vendor,
      category,
      keywords: keywords.join(' '),
      tools: toolNames.join(' '),
    })),
  );
  const all = apps.map((app) => app.appId);
  return (text) => {
    if (text.trim() === '') return all;
    return index.search(text).map((found) => String(found.id));
  };
}
