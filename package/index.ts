/** Starts a sandbox inside a program, for tests. */
import * as sandbox from '../src/sandbox.js'
import { createClient, type Client, type ClientOptions } from './client.js'

export type { SandboxOptions, SandboxSetting } from '../src/sandbox.js'

/** A sandbox that is up, and makes clients of itself. */
export interface Sandbox extends sandbox.Sandbox {
  /** Makes a client with the admin token, and with a client's credentials where they are given. */
  client (credentials?: Omit<ClientOptions, 'url'>): Client
}

/** Starts a sandbox inside this process: see {@link sandbox.startSandbox}. */
export async function startSandbox (options: sandbox.SandboxOptions = {}): Promise<Sandbox> {
  const started = await sandbox.startSandbox(options)
  const { url, adminToken } = started
  return { ...started, client: (credentials = {}) => createClient({ url, adminToken, ...credentials }) }
}
