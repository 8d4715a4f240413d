/** Where sign-ins of custom servers come back to when the address was registered by hand or stands in a document. */
export const handRedirect = { host: '127.0.0.1', port: 8418, path: '/callback' } as const;
