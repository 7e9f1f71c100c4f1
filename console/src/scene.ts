/** What a map shows, already projected: marks (tracks) and threats (a forecast's stretch of border). */
import { fromLonLat } from "ol/proj.js";

export type XY = [number, number];

export interface Mark {
  id: string;
  at: XY;
  /** Mercator units per ground metre here. */
  scale: number;
  kind: "own" | "received" | "fused" | "truth";
  status: string;
  life: string;
  course_deg: number | null;
  speed_mps: number;
  ellipse: { major_m: number; minor_m: number; bearing_deg: number } | null;
  trail: XY[];
  tone: "idle" | "act" | "urgent";
  selected: boolean;
  label: string;
  detail: string;
  search: { at: XY; radius_m: number } | null;
}

export interface Threat {
  from: XY;
  stretch: XY[];
  probability: number;
  tone: "act" | "urgent";
  selected: boolean;
  label: string;
}

export interface Scene {
  marks: Mark[];
  threats: Threat[];
}

export const EMPTY: Scene = { marks: [], threats: [] };

export const xy = (lat: number, lon: number): XY => fromLonLat([lon, lat]) as XY;

/** Web Mercator stretches the ground by the secant of the latitude. */
export const mercatorScale = (lat: number): number => 1 / Math.cos((lat * Math.PI) / 180);
