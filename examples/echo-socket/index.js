/** A WebSocket that gives back what it gets, tells the time on request, and a page to try it. */
export default {
  fetch(request) {
    if (request.headers.get("upgrade") !== "websocket")
      return new Response(PAGE, { headers: { "content-type": "text/html" } });
    // One end goes to the client with the response; this worker talks through the other one.
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    let ticking;
    server.addEventListener("message", ({ data }) => {
      if (data === "tick") {
        clearInterval(ticking);
        ticking = setInterval(() => server.send(new Date().toISOString()), 1000);
      } else if (data === "stop") clearInterval(ticking);
      else if (data === "bye") server.close(1000, "bye");
      else server.send(data);
    });
    server.addEventListener("close", ({ code, reason }) => {
      clearInterval(ticking);
      console.log(`closed with ${code} ${reason}`);
    });
    return new Response(null, { status: 101, webSocket: client });
  },
};

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Echo</title>
<h1>Echo</h1>
<form><input autofocus placeholder="tick, stop, bye, or anything"> <button>Send</button></form>
<pre></pre>
<script>
  const socket = new WebSocket(location.href.replace(/^http/, "ws"));
  const say = (line) => document.querySelector("pre").append(line + "\\n");
  socket.onopen = () => say("open");
  socket.onmessage = ({ data }) => say("< " + data);
  socket.onclose = ({ code, reason }) => say("closed " + code + " " + reason);
  document.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    const input = document.querySelector("input");
    say("> " + input.value);
    socket.send(input.value);
    input.value = "";
  };
</script>
`;
