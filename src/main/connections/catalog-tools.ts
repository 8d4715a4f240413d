/**
 * The tools of an app as the policies see them: what is judged at seeding and the hash of the whole definition.
 */
import type { App, AppTool } from '../catalog/app';
import type { SeedTool } from '../policies/seed';

/** SHA-256 of a text, lower-case hex. */
export type Hash = (text: string) => string;

export function catalogTools(app: App, hash: Hash): readonly SeedTool[] {
  return app.tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.input,
    vendor: { access: tool.access, policy: tool.policy, reason: tool.reason },
    definitionHash: definitionHash(tool, hash),
  }));
}

/** Changes whenever anything that an agent reads or a vendor receives changes. */
export function definitionHash(tool: AppTool, hash: Hash): string {
  const { name, title, description, access, input, request } = tool;
  return hash(JSON.stringify({ name, title, description, access, input, request }));
}

export function definitionsHash(tools: readonly SeedTool[], hash: Hash): string {
  return hash(tools.map((tool) => `${tool.name} ${tool.definitionHash}`).join('\n'));
}
