/** Colours of the maps, dark and light. Grey is rest; colour means act; every colour has a form or a word beside it. */

export interface Palette {
  sea: string;
  land: string;
  own: string;
  water: string;
  district: string;
  border: string;
  ownBorder: string;
  borderCase: string;
  place: string;
  halo: string;
  ink: string;
  idle: string;
  frame: string;
  act: string;
  urgent: string;
  received: string;
  fused: string;
  trail: string;
  ellipse: string;
  search: string;
  truth: string;
}

export const DARK: Palette = {
  sea: "#0b141a",
  land: "#1a2127",
  own: "#232c33",
  water: "#101b22",
  district: "#323d45",
  border: "#66747e",
  ownBorder: "#cfd8de",
  borderCase: "#05090c",
  place: "#8f9ca6",
  halo: "#0b1115",
  ink: "#f0f4f7",
  idle: "#b9c2c9",
  frame: "#0b1115",
  act: "#f0c24b",
  urgent: "#ff8a5c",
  received: "#e69f00",
  fused: "#56b4e9",
  trail: "#93a1ab",
  ellipse: "#93a1ab",
  search: "#d6a5ff",
  truth: "#5fd3a5",
};

export const LIGHT: Palette = {
  sea: "#dbe5ea",
  land: "#f3f4f2",
  own: "#ffffff",
  water: "#cbdbe3",
  district: "#cfd4d6",
  border: "#93999d",
  ownBorder: "#2c3338",
  borderCase: "#ffffff",
  place: "#5a646b",
  halo: "#ffffff",
  ink: "#12181c",
  idle: "#9aa3a9",
  frame: "#12181c",
  act: "#d99a00",
  urgent: "#c9451a",
  received: "#8a5a00",
  fused: "#00659c",
  trail: "#5a646b",
  ellipse: "#5a646b",
  search: "#6a3d9a",
  truth: "#00704a",
};
