// The few parts of Node that node.ts uses; a whole package of types is not worth a dependency.
declare module "node:fs" {
  interface Entry {
    name: string;
    path: string;
    parentPath?: string;
    isFile(): boolean;
    isSymbolicLink(): boolean;
  }
  export function openSync(path: string, flags: "r"): number;
  export function readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
  export function readFileSync(path: string): Uint8Array;
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function readdirSync(path: string, options: { recursive: true; withFileTypes: true }): Entry[];
  export function statSync(path: string): { size: number; isDirectory(): boolean };
}
declare module "node:path" {
  export function join(...parts: string[]): string;
  export function relative(from: string, to: string): string;
}
declare const process: {
  argv: string[];
  exitCode: number;
  stdout: { write(text: string): void };
  stderr: { write(text: string): void };
};
