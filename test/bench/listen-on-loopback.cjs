/** Preloaded into a program that offers no option for it: whatever it listens on is on this computer only. */
const { Server } = require('node:net');

const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(...given) {
  const [where, ...rest] = given;
  if (typeof where === 'object' && where !== null && 'port' in where)
    return listen.call(this, { ...where, host: '127.0.0.1' }, ...rest);
  if (!Number.isInteger(Number(where)) || typeof where === 'function') return listen.apply(this, given);
  return listen.call(this, where, '127.0.0.1', ...rest.filter((one) => typeof one !== 'string'));
};
