import type { OpenTransport } from './transport.js';

export const openWebSocket: OpenTransport = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.onopen = () => handlers.opened();
  socket.onmessage = (event: MessageEvent<unknown>) => handlers.received(event.data);
  // An `error` event says nothing and is always followed by `close`.
  socket.onclose = (event) => handlers.closed(event.code);
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
};
