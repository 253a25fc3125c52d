/** Names of what travels between a page's preload and the main process. */
export const ipcChannels = {
  call: 'steelyard:call',
  event: 'steelyard:event',
  connection: 'steelyard:connection',
} as const
