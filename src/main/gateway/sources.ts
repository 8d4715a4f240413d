/**
 * Puts the tools of all sources into one view, and sends each call to the source that its tool came from.
 * The only place that decides by source.
 */
import type { GatewayTool, GatewayView, ToolSource, Upstreams } from './core-ports';

/** @param views In the order in which agents see the tools; the first that knows a connection speaks for it. */
export function composeViews(views: readonly GatewayView[]): GatewayView {
  const lists = views.map((view) => view.tools());
  const tools = lists.length === 1 && lists[0] !== undefined ? lists[0] : lists.flat();
  const owner = (connectionId: string) => views.find((view) => view.knows(connectionId));
  return {
    tools: () => tools,
    knows: (connectionId) => owner(connectionId) !== undefined,
    revision: (connectionId) => owner(connectionId)?.revision(connectionId) ?? 0,
    healthy: (connectionId) =>
      owner(connectionId)?.healthy(connectionId) ?? { ok: false, why: 'This connection was disconnected.' },
  };
}

export function composeUpstreams(sources: Readonly<Record<ToolSource, Upstreams>>): Upstreams {
  const of = (tool: GatewayTool) => sources[tool.source];
  return {
    checkArguments: (tool, args) => of(tool).checkArguments(tool, args),
    sentence: (tool, args) => of(tool).sentence(tool, args),
    redact: (tool, args) => of(tool).redact(tool, args),
    keep: (tool, result) => of(tool).keep(tool, result),
    mayAsk: (tool) => of(tool).mayAsk(tool),
    call: (tool, args, options) => of(tool).call(tool, args, options),
  };
}
