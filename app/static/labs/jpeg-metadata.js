// Reads what a JPEG file tells besides its picture, and makes a copy that doesn't: segments (ITU-T T.81), Exif's folders
// (TIFF 6.0, Exif 3.0), Adobe's XMP and IPTC's fields. A file may be cut, broken or made to do harm: every loop has an
// end, every offset is looked at before it is followed, and no folder is read twice.
"use strict";
const jpegMetadata = (() => {
  const MOST_SEGMENTS = 4000, MOST_FOLDERS = 12, MOST_ENTRIES = 600, MOST_VALUES = 16, MOST_TEXTS = 40;
  const MOST_LETTERS = 400, MOST_XML = 2000000, MOST_VALUE_XML = 4000;
  const METRES_PER_DEGREE = 111320;

  // What somebody chose instead of a JPEG, by how such files begin.
  const BEGINNINGS = [
    ["png", 0, "\x89PNG"], ["gif", 0, "GIF8"], ["pdf", 0, "%PDF"], ["webp", 8, "WEBP"],
    ["heic", 8, "heic"], ["heic", 8, "heix"], ["heic", 8, "mif1"], ["heic", 8, "avif"], ["heic", 8, "hevc"],
    ["video", 4, "ftyp"], ["video", 0, "\x1aE\xdf\xa3"], ["raw", 0, "II*\0"], ["raw", 0, "MM\0*"],
  ];

  const letters = (bytes, from, count) => {
    let text = "";
    for (let at = from; at < Math.min(from + count, bytes.length); at += 1) text += String.fromCharCode(bytes[at]);
    return text;
  };
  const begins = (bytes, from, text) => letters(bytes, from, text.length) === text;

  // A text for people: without what can't be seen or would turn its direction, and no longer than anybody reads.
  const readable = (text) => {
    const plain = text.slice(0, MOST_LETTERS * 4)
      .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/g, " ")
      .replace(/ +/g, " ").trim();
    return plain.length > MOST_LETTERS ? `${plain.slice(0, MOST_LETTERS)}…` : plain;
  };
  const decoded = (bytes, encoding) => {
    if (encoding) return readable(new TextDecoder(encoding).decode(bytes));
    const end = bytes.indexOf(0);
    const text = end < 0 ? bytes : bytes.subarray(0, end);
    try {
      return readable(new TextDecoder("utf-8", { fatal: true }).decode(text));
    } catch (notUtf8) {
      return readable(new TextDecoder("windows-1252").decode(text));
    }
  };

  // The segments of a file up to its end, and whether it has one. What a scan holds counts as part of its segment.
  const walk = (bytes) => {
    const segments = [];
    let at = 2, end = 0, scans = 0;
    while (at < bytes.length && segments.length < MOST_SEGMENTS && bytes[at] === 0xff) {
      while (at < bytes.length && bytes[at] === 0xff) at += 1;
      const marker = bytes[at], start = at - 1;
      at += 1;
      if (marker === 0xd9) { end = at; break; }
      if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        segments.push({ marker, start, from: at, end: at });
        continue;
      }
      if (!marker || at + 2 > bytes.length) break;
      const length = bytes[at] * 256 + bytes[at + 1];
      if (length < 2) break;
      // A segment that is cut is read as far as it goes: what it told first is still told.
      const segment = { marker, start, from: at + 2, end: Math.min(at + length, bytes.length) };
      at = segment.end;
      if (marker === 0xda && at < bytes.length) {
        scans += 1;
        at = afterScan(bytes, at);
        segment.end = at;
      }
      segments.push(segment);
    }
    return { segments, end, whole: Boolean(end && scans) };
  };
  const afterScan = (bytes, from) => {
    let at = bytes.indexOf(0xff, from);
    while (at >= 0 && at + 1 < bytes.length) {
      const next = bytes[at + 1];
      if (next && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
      at = bytes.indexOf(0xff, at + 1);
    }
    return bytes.length;
  };

  // Exif: folders of entries, each an amount of values of a type, in place or at an offset.
  const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1 };
  const readExif = (block) => {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    const found = { main: new Map(), exif: new Map(), gps: new Map(), preview: new Map(), damaged: false };
    const little = begins(block, 0, "II");
    if (block.length < 8 || (!little && !begins(block, 0, "MM")) || view.getUint16(2, little) !== 42) {
      found.damaged = true;
      return found;
    }
    const seen = new Set();
    const folder = (at, entries) => {
      if (at < 8 || at + 2 > block.length || seen.has(at) || seen.size >= MOST_FOLDERS) {
        found.damaged = true;
        return 0;
      }
      seen.add(at);
      const count = view.getUint16(at, little);
      const fitting = Math.min(count, MOST_ENTRIES, Math.floor((block.length - at - 2) / 12));
      if (fitting < count) found.damaged = true;
      for (let entry = at + 2; entry < at + 2 + fitting * 12; entry += 12) {
        const tag = view.getUint16(entry, little), type = view.getUint16(entry + 2, little);
        const amount = view.getUint32(entry + 4, little), size = SIZES[type];
        if (!size) continue;
        const place = size * amount <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
        if (place + size * amount > block.length) found.damaged = true;
        else if (!entries.has(tag)) entries.set(tag, { type, amount, size, place });
      }
      const next = at + 2 + count * 12;
      return next + 4 <= block.length ? view.getUint32(next, little) : 0;
    };
    found.number = (entry, index) => {
      const at = entry.place + index * entry.size;
      switch (entry.type) {
        case 3: return view.getUint16(at, little);
        case 4: case 13: return view.getUint32(at, little);
        case 5: return view.getUint32(at, little) / view.getUint32(at + 4, little);
        case 6: return view.getInt8(at);
        case 8: return view.getInt16(at, little);
        case 9: return view.getInt32(at, little);
        case 10: return view.getInt32(at, little) / view.getInt32(at + 4, little);
        case 11: return view.getFloat32(at, little);
        case 12: return view.getFloat64(at, little);
        default: return block[at];
      }
    };
    found.numbers = (entry) => Array.from(
      { length: entry ? Math.min(entry.amount, MOST_VALUES) : 0 }, (nothing, index) => found.number(entry, index),
    );
    found.bytes = (entry) => (
      entry ? block.subarray(entry.place, entry.place + Math.min(entry.size * entry.amount, MOST_LETTERS * 8)) : block.subarray(0, 0)
    );
    found.denominator = (entry, index) => (
      entry.type === 5 || entry.type === 10 ? view.getUint32(entry.place + index * 8 + 4, little) : 1
    );
    found.little = little;

    const follow = (entry, entries) => { if (entry && entry.amount) folder(found.number(entry, 0), entries); };
    const next = folder(view.getUint32(4, little), found.main);
    follow(found.main.get(0x8769), found.exif);
    follow(found.main.get(0x8825), found.gps);
    if (next) folder(next, found.preview);
    return found;
  };

  // Where it was taken, as numbers, and to how many metres the numbers are written: an angle is degrees, minutes, seconds.
  const angle = (exif, entry, sign, most) => {
    const parts = exif.numbers(entry).slice(0, 3);
    if (!parts.length || !parts.every(Number.isFinite)) return null;
    const value = parts.reduce((sum, part, index) => sum + part / 60 ** index, 0);
    const steps = parts.map((part, index) => (part ? 1 / (60 ** index * exif.denominator(entry, index)) : 1));
    return value <= most ? { value: value * sign, step: Math.min(...steps) } : null;
  };
  const placeIn = (exif) => {
    const north = exif.gps.get(2), east = exif.gps.get(4);
    if (!north || !east) return { place: null, broken: Boolean(north || east) };
    const is = (tag, letter) => decoded(exif.bytes(exif.gps.get(tag))).toUpperCase() === letter;
    const latitude = angle(exif, north, is(1, "S") ? -1 : 1, 90);
    const longitude = angle(exif, east, is(3, "W") ? -1 : 1, 180);
    if (!latitude || !longitude) return { place: null, broken: true };
    const [error] = exif.numbers(exif.gps.get(0x1f));
    const written = Math.max(latitude.step, longitude.step) * METRES_PER_DEGREE;
    const known = Number.isFinite(error) && error > 0;
    return {
      place: {
        latitude: latitude.value, longitude: longitude.value, metres: written, error: known ? error : 0,
        digits: Math.min(6, Math.max(1, Math.ceil(-Math.log10(written / METRES_PER_DEGREE)))),
      },
      broken: false,
    };
  };

  // XMP is read as text, for what stands between two names: a parser of XML isn't needed, nor let near it.
  const ENTITIES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  const unescaped = (text) => readable(
    text.slice(0, MOST_VALUE_XML).replace(/<[^<>]*>/g, " ").replace(/&(lt|gt|quot|apos|amp);/g, (whole, name) => ENTITIES[name]),
  );
  const itemsIn = (text) => {
    const items = [];
    let at = 0;
    while (items.length < MOST_TEXTS) {
      const open = text.indexOf("<rdf:li", at), from = open < 0 ? -1 : text.indexOf(">", open);
      const to = from < 0 ? -1 : text.indexOf("</rdf:li>", from);
      if (to < 0) break;
      items.push(text.slice(from + 1, to));
      at = to;
    }
    return items.length ? items : [text];
  };
  const inXml = (xml, name) => {
    const found = [];
    for (const quote of ['"', "'"]) {
      let at = xml.indexOf(`${name}=${quote}`);
      while (at >= 0 && found.length < MOST_TEXTS) {
        const from = at + name.length + 2, to = xml.indexOf(quote, from);
        if (to < 0) break;
        if (/\s/.test(xml[at - 1] || " ")) found.push(xml.slice(from, Math.min(to, from + MOST_VALUE_XML)));
        at = xml.indexOf(`${name}=${quote}`, to);
      }
    }
    let at = xml.indexOf(`<${name}`);
    while (at >= 0 && found.length < MOST_TEXTS) {
      const from = xml.indexOf(">", at), to = from < 0 ? -1 : xml.indexOf(`</${name}>`, from);
      if (to < 0) break;
      if (/[\s>]/.test(xml[at + name.length + 1]) && xml[from - 1] !== "/") {
        found.push(...itemsIn(xml.slice(from + 1, Math.min(to, from + MOST_VALUE_XML * 5))));
      }
      at = xml.indexOf(`<${name}`, to);
    }
    return found.map(unescaped).filter(Boolean);
  };
  const FROM_XMP = {
    author: ["dc:creator", "tiff:Artist"], title: ["dc:title", "photoshop:Headline"], caption: ["dc:description"],
    keywords: ["dc:subject", "lr:hierarchicalSubject"], copyright: ["dc:rights"], credit: ["photoshop:Credit", "photoshop:Source"],
    place_words: [
      "Iptc4xmpCore:Location", "Iptc4xmpExt:Sublocation", "photoshop:City", "Iptc4xmpExt:City", "photoshop:State",
      "photoshop:Country", "exif:GPSLatitude", "exif:GPSLongitude",
    ],
    taken: ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"], changed: ["xmp:ModifyDate"],
    software: ["xmp:CreatorTool"], serial: ["aux:SerialNumber", "exifEX:BodySerialNumber"],
    lens_serial: ["aux:LensSerialNumber", "exifEX:LensSerialNumber"], owner: ["aux:OwnerName", "exifEX:CameraOwnerName"],
    faces: ["mwg-rs:Name", "MPReg:PersonDisplayName", "Iptc4xmpExt:PersonInImage"], image_id: ["xmpMM:OriginalDocumentID"],
  };

  // IPTC: fields one after another in a block of Photoshop's, each with the length of its text.
  const IPTC = 0x0404, PREVIEWS = [0x0409, 0x040c];
  const FROM_IPTC = {
    5: "title", 25: "keywords", 55: "taken", 80: "author", 90: "place_words", 92: "place_words", 95: "place_words",
    101: "place_words", 105: "title", 110: "credit", 115: "credit", 116: "copyright", 120: "caption", 122: "author",
  };
  const readIptc = (block, add) => {
    let at = 0;
    while (at + 5 <= block.length && block[at] === 0x1c) {
      const length = block[at + 3] * 256 + block[at + 4], from = at + 5;
      if (length > 0x7fff || from + length > block.length) return false;
      if (block[at + 1] === 2 && FROM_IPTC[block[at + 2]]) {
        add(FROM_IPTC[block[at + 2]], decoded(block.subarray(from, from + length)));
      }
      at = from + length;
    }
    return true;
  };
  const readPhotoshop = (block, add) => {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    let at = 0, sound = true;
    while (at + 12 <= block.length && begins(block, at, "8BIM")) {
      const id = view.getUint16(at + 4), name = block[at + 6] + 1, size = at + 6 + name + (name % 2);
      if (size + 4 > block.length) return false;
      const from = size + 4, length = view.getUint32(size);
      if (from + length > block.length) return false;
      if (id === IPTC) sound = readIptc(block.subarray(from, from + length), add) && sound;
      if (PREVIEWS.includes(id)) add("thumbnail", length);
      at = from + length + (length % 2);
    }
    return sound;
  };

  const FROM_EXIF = {
    main: {
      0x010e: "caption", 0x010f: "make", 0x0110: "model", 0x0131: "software", 0x0132: "changed", 0x013b: "author",
      0x013c: "owner", 0x8298: "copyright", 0xc62f: "serial",
    },
    exif: {
      0x9003: "taken", 0x9004: "digitised", 0x9010: "zone", 0x9011: "zone", 0x9012: "zone", 0xa420: "image_id",
      0xa430: "owner", 0xa431: "serial", 0xa433: "lens", 0xa434: "lens", 0xa435: "lens_serial", 0xa436: "title",
      0xa437: "author", 0xa438: "author",
    },
  };
  const WIDE = { 0x9c9b: "title", 0x9c9c: "comment", 0x9c9d: "author", 0x9c9e: "keywords", 0x9c9f: "caption" };

  const exifFacts = (exif, add) => {
    Object.entries(FROM_EXIF).forEach(([name, tags]) => {
      exif[name].forEach((entry, tag) => { if (tags[tag]) add(tags[tag], decoded(exif.bytes(entry))); });
    });
    exif.main.forEach((entry, tag) => { if (WIDE[tag]) add(WIDE[tag], decoded(exif.bytes(entry), "utf-16le")); });
    const comment = exif.bytes(exif.exif.get(0x9286));
    const wide = begins(comment, 0, "UNICODE") && (exif.little ? "utf-16le" : "utf-16be");
    if (comment.length > 8) add("comment", decoded(comment.subarray(8), wide));
    const note = exif.exif.get(0x927c);
    if (note) add("maker_note", note.amount);
    const [preview] = exif.numbers(exif.preview.get(0x0202));
    if (preview || exif.preview.get(0x0111)) add("thumbnail", preview || 1);
    const one = (tag, key, scale) => {
      const [value] = exif.numbers(exif.gps.get(tag));
      if (Number.isFinite(value)) add(key, value * (scale || 1));
    };
    const [below] = exif.numbers(exif.gps.get(5));
    one(6, "altitude", below === 1 ? -1 : 1);
    one(0x11, "direction");
    one(0x0d, "speed", { M: 1.609344, N: 1.852 }[decoded(exif.bytes(exif.gps.get(0x0c)))]);
    const clock = exif.numbers(exif.gps.get(7)).slice(0, 3);
    const time = clock.length === 3 && clock.every(Number.isFinite)
      ? clock.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":") : "";
    add("gps_time", [decoded(exif.bytes(exif.gps.get(0x1d))), time && `${time} UTC`].filter(Boolean).join(" "));
    const area = exif.bytes(exif.gps.get(0x1c));
    if (area.length > 8) add("area", decoded(area.subarray(8), begins(area, 0, "UNICODE") && "utf-16be"));
  };

  // Everything that a file tells. `problem` says why nothing could be read; `damaged`, that not everything could be.
  const read = (bytes) => {
    const facts = new Map();
    const found = { problem: "", kind: "", damaged: false, whole: false, facts, place: null, brokenPlace: false, turned: 1 };
    if (!bytes.length) return Object.assign(found, { problem: "empty" });
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
      const known = BEGINNINGS.find(([, at, text]) => begins(bytes, at, text));
      return Object.assign(found, { problem: "not_jpeg", kind: known ? known[0] : "unknown" });
    }
    const add = (key, value) => {
      if (value === "" || value === undefined) return;
      const values = facts.get(key) || [];
      if (values.length < MOST_TEXTS && !values.includes(value)) facts.set(key, [...values, value]);
    };
    const { segments, end, whole } = walk(bytes);
    found.whole = whole;
    const xml = [];
    segments.forEach((segment) => readSegment(bytes, segment, found, add, xml));
    const text = xml.join(" ").slice(0, MOST_XML);
    if (text) {
      Object.entries(FROM_XMP).forEach(([key, names]) => {
        names.forEach((name) => inXml(text, name).forEach((value) => add(key, value)));
      });
      if (text.includes("xmpMM:History")) add("history", 1);
    }
    if (whole && end < bytes.length) add("trailer", bytes.length - end);
    return found;
  };
  const readSegment = (bytes, segment, found, add, xml) => {
    const block = bytes.subarray(segment.from, segment.end), { marker } = segment;
    if (marker === 0xfe) add("comment", decoded(block));
    else if (marker === 0xe0 && begins(block, 0, "JFXX")) add("thumbnail", block.length);
    else if (marker === 0xe0 && begins(block, 0, "JFIF\0") && block[12] * block[13] > 0) add("thumbnail", block.length);
    else if (marker === 0xe1 && begins(block, 0, "Exif\0")) {
      const exif = readExif(block.subarray(6));
      found.damaged = found.damaged || exif.damaged;
      if (!exif.numbers) return;
      exifFacts(exif, add);
      const [turned] = exif.numbers(exif.main.get(0x0112));
      if (turned >= 2 && turned <= 8) found.turned = turned;
      const { place, broken } = placeIn(exif);
      found.place = found.place || place;
      found.brokenPlace = found.brokenPlace || broken;
    } else if (marker === 0xe1 && begins(block, 0, "http://ns.adobe.com/x")) {
      // The name ends with a zero; a long one goes on in further segments, each after 40 bytes of numbers.
      const from = block.indexOf(0) + 1, extended = begins(block, 0, "http://ns.adobe.com/xmp/extension/");
      if (xml.length < MOST_TEXTS * 4) xml.push(new TextDecoder().decode(block.subarray(from + (extended ? 40 : 0))));
    } else if (marker === 0xed && begins(block, 0, "Photoshop 3.0\0")) {
      if (!readPhotoshop(block.subarray(14), add)) found.damaged = true;
    } else if (marker === 0xe2 && begins(block, 0, "MPF\0")) add("second_picture", 1);
    else if (marker === 0xeb && begins(block, 0, "JP")) add("credentials", 1);
  };

  // A copy with the picture as it is, and without the rest. What draws it stays: tables, scans, the colours' profile and
  // Adobe's mark, which says how colours are written. Of Exif one number is made anew, or the picture would lie on its side.
  const TURN = [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1];
  const strip = (bytes) => {
    const { segments, end, whole } = walk(bytes);
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || !whole) return null;
    const { turned } = read(bytes);
    const parts = [bytes.subarray(0, 2)];
    const jfif = segments.find(({ marker, from }) => marker === 0xe0 && begins(bytes, from, "JFIF\0"));
    if (jfif && jfif.end - jfif.from >= 14) {
      parts.push(Uint8Array.of(0xff, 0xe0, 0, 16), bytes.subarray(jfif.from, jfif.from + 12), Uint8Array.of(0, 0));
    }
    if (turned > 1) parts.push(Uint8Array.of(...TURN, 0, turned, 0, 0, 0, 0, 0, 0));
    segments.filter((segment) => draws(bytes, segment)).forEach(({ start, end: to }) => parts.push(bytes.subarray(start, to)));
    parts.push(bytes.subarray(end - 2, end));
    const copy = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { copy.set(part, at); return at + part.length; }, 0);
    return copy;
  };
  const draws = (bytes, { marker, from }) => {
    if (marker === 0xe2) return begins(bytes, from, "ICC_PROFILE\0");
    if (marker === 0xee) return begins(bytes, from, "Adobe");
    return marker >= 0xc0 && marker <= 0xdf && (marker < 0xd0 || marker > 0xd9);
  };

  return { read, strip };
})();
