// score: 10
const net = require("node:net");

const PORTS = new Set(["", "{{ours.port}}"]);
const NAMES = ["localhost", "{{ours.domain}}"];
const SUFFIXES = [".localhost", ".internal", ".local", ".{{ours.domain}}"];
const PRIVATE_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
];

function numberOf(address) {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPublicV4(number) {
  return !PRIVATE_V4.some(([base, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(number / size) === Math.floor(numberOf(base) / size);
  });
}

function groupsOf(address) {
  const canonical = new URL(`https://[${address}]/`).hostname.slice(1, -1);
  const [head, tail] = canonical.split("::").map((half) => half.split(":").filter(Boolean));
  const filled = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
  return filled.map((group) => parseInt(group, 16));
}

function isPublicV6(address) {
  const groups = groupsOf(address);
  const [first, second] = groups;
  const inner = groups[6] * 65536 + groups[7];
  const middle = groups.slice(2, 6).join();
  if (first === 0 && second === 0 && middle === "0,0,0,65535") return isPublicV4(inner);
  if (first === 0x64 && second === 0xff9b && middle === "0,0,0,0") return isPublicV4(inner);
  if (groups.slice(0, 7).every((group) => group === 0)) return groups[7] > 1;
  return !((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || first >= 0xff00);
}

function isPublic(address) {
  if (typeof address !== "string" || address.includes("%")) return false;
  const version = net.isIP(address);
  if (version === 4) return isPublicV4(numberOf(address));
  return version === 6 && isPublicV6(address);
}

function webhookTarget(text, addresses) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" || url.username || url.password || !PORTS.has(url.port)) return null;
  url.hash = "";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (net.isIP(host)) return isPublic(host) ? { url: url.href, address: host } : null;
  const name = host.replace(/\.$/, "");
  if (NAMES.includes(name) || SUFFIXES.some((suffix) => name.endsWith(suffix))) return null;
  if (!Array.isArray(addresses) || addresses.length === 0 || !addresses.every(isPublic)) return null;
  return { url: url.href, address: addresses[0] };
}
