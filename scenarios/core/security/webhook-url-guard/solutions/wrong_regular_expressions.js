// score: 3.5 - regular expressions for private addresses, which also hit names, and only the first address is judged
const PRIVATE = [
  /^0\./, /^10\./, /^127\./, /^169\.254\./, /^192\.168\./, /^172\.(1[6-9]|2\d|3[01])\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, /^(22[4-9]|2[3-5]\d)\./,
  /^::1?$/, /^f[cd]/i, /^fe[89ab]/i, /^ff/i, /^::ffff:/i, /^64:ff9b:/i,
];

function isPrivate(address) {
  return PRIVATE.some((pattern) => pattern.test(address));
}

function webhookTarget(text, addresses) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" || url.username || url.password) return null;
  if (url.port && url.port !== "{{ours.port}}") return null;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const isBlockedName = ["localhost", "internal", "local", "{{ours.domain}}"].some(
    (name) => host === name || host.endsWith("." + name)
  );
  if (isBlockedName || isPrivate(host)) return null;
  url.hash = "";
  const isAddress = host.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(host);
  const address = isAddress ? host : addresses && addresses[0];
  if (!address || isPrivate(address)) return null;
  return { url: url.href, address };
}
