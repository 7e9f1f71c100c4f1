/** APP-6 symbols of pending or unknown affiliation, drawn once and kept. There is no hostile one here, ever. */
import { ms, numberair } from "milsymbol-parts";

ms.addIcons(numberair);

/** Version 10, reality, identity pending (0) or unknown (1), symbol set air, then the entity. */
const SIDC: Readonly<Record<string, string>> = {
  unknown: "10000100000000000000",
  unidentified: "10010100000000000000",
  strayed: "10010100001200000000",
  uav: "10010100001103000000",
  balloon: "10010100001105000000",
  aircraft: "10010100001201000000",
  helicopter: "10010100001102000000",
  birds: "10010100000000000000",
};

export interface Stamp {
  image: HTMLCanvasElement;
  width: number;
  height: number;
  anchor_x: number;
  anchor_y: number;
}

const drawn = new Map<string, Stamp>();

export function stamp(status: string, fill: string, frame: string, size: number, ratio: number): Stamp {
  const key = `${status} ${fill} ${frame} ${size} ${ratio}`;
  let made = drawn.get(key);
  if (!made) {
    const symbol = new ms.Symbol(SIDC[status] ?? SIDC["unknown"]!, {
      size,
      colorMode: { Civilian: fill, Friend: fill, Hostile: fill, Neutral: fill, Unknown: fill, Suspect: fill },
      frameColor: { Civilian: frame, Friend: frame, Hostile: frame, Neutral: frame, Unknown: frame, Suspect: frame },
      iconColor: frame,
      infoFields: false,
    });
    const { width, height } = symbol.getSize();
    const { x, y } = symbol.getAnchor();
    made = { image: symbol.asCanvas(ratio), width, height, anchor_x: x, anchor_y: y };
    drawn.set(key, made);
  }
  return made;
}
