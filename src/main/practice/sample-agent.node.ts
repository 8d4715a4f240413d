/**
 * The sample agent of the practice workspace: an ordinary client of the gateway that plays a short ticket story. It lists
 * tickets and reads one (auto), then adds a note (which asks). It knows nothing that another agent would not know.
 */
import { Fault } from '../../preload/contract/reply';

export interface StoryNeeds {
  readonly url: string;
  readonly token: string;
  readonly version: string;
  /** Told when the story broke off, with what the gateway said. */
  readonly onBroken: (why: string) => void;
}

const story = [
  { verb: 'list-tickets', arguments: { pageSize: 5 } },
  { verb: 'get-ticket', arguments: { id: 48213 } },
  {
    verb: 'add-ticket-note',
    arguments: {
      id: 48213,
      text: 'Sample agent: the tunnel renegotiates every hour. Suggest a longer rekey interval.',
      internalAnalysisFlag: true,
    },
  },
];

/**
 * Plays the story up to the question; the answer to the question is awaited in the background.
 *
 * @throws Fault `not_found` when no connection has the tools of the story.
 */
export async function playStory(needs: StoryNeeds): Promise<void> {
  // Loaded when it is needed: no start of the application waits for the SDK.
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client({ name: 'gatehouse-sample-agent', version: needs.version });
  const headers = { Authorization: `Bearer ${needs.token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(needs.url), { requestInit: { headers } }));
  const { tools } = await client.listTools();
  const steps = story.flatMap(({ verb, arguments: given }) => {
    const tool = tools.find(({ name }) => name.endsWith(`__${verb}`));
    return tool === undefined ? [] : { name: tool.name, arguments: given };
  });
  const last = steps.at(-1);
  if (steps.length < story.length || last === undefined) {
    await client.close();
    throw new Fault('not_found', 'The sample agent has no ticket tools yet. Connect ConnectWise PSA first.');
  }
  for (const step of steps.slice(0, -1)) await client.callTool(step);
  client
    .callTool(last)
    .catch((error: unknown) => needs.onBroken(error instanceof Error ? error.message : 'It went away.'))
    .finally(() => client.close());
}
