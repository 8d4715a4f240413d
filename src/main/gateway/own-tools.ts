/** Gatehouse's own tools, as agents see them beside those of the connections. */
const noArguments = { type: 'object', properties: {}, additionalProperties: false } as const;

const statusTool = {
  name: 'gatehouse__status',
  title: 'Gatehouse status',
  description:
    'Says who you are to Gatehouse, how many tools you may see and how many of your calls wait for approval.',
  inputSchema: noArguments,
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
};

const awaitTool = {
  name: 'gatehouse__await_approval',
  title: 'Await an approval',
  description:
    'Waits for the decision on a call that was answered with "Pending", and runs that call once when it was approved.',
  inputSchema: {
    type: 'object',
    properties: { id: { type: 'string', description: 'The id from the pending answer.' } },
    required: ['id'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
};

/** The most that one search answers. */
export const maxFound = 50;

const findTool = {
  name: 'gatehouse__find_tools',
  title: 'Find tools',
  description:
    'Finds tools by what they do. There are too many to list; search here first, then run what you found with gatehouse__call_tool. Without a query it says which connections there are and how many tools each has.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', maxLength: 500, description: 'A few words, for example "add ticket note".' },
      limit: { type: 'integer', minimum: 1, maximum: maxFound, description: 'Ten when left out.' },
    },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
};

const callTool = {
  name: 'gatehouse__call_tool',
  title: 'Call a tool',
  description:
    'Runs a tool that gatehouse__find_tools has found. The same policies and approvals hold as for every call.',
  inputSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Exactly as it was found.' },
      arguments: { type: 'object', description: 'As the inputSchema of the tool says.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
};

const json = (tools: readonly object[]) => tools.map((tool) => JSON.stringify(tool));

/** As JSON texts: beside a whole list, and in place of one that is too long. */
export const ownJson = {
  beside: json([statusTool, awaitTool]),
  inPlace: json([statusTool, awaitTool, findTool, callTool]),
};
