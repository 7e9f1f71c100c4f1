// Verify checks an exported record of a Redshank channel with golang.org/x/mod/sumdb/note and sumdb/tlog.
//
// Nothing here knows Redshank's code. Hashing, checkpoints of the log, proofs and tiles are checked by Go's own
// packages; only the cosignature (c2sp.org/tlog-cosignature), the entry bundles (c2sp.org/tlog-tiles) and the three
// lines of a checkpoint (c2sp.org/tlog-checkpoint) are read here, for that old release does not know them.
//
//	verify RECORD PARTY PARTNER PROOFS.json
//
// It prints one line per thing it accepted, and ends with status 1 at the first thing that it does not accept.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type manifest struct {
	Keys map[string]struct{ Log, Witness string } `json:"keys"`
}

type proofs struct {
	Inclusion []struct {
		Index, Size int64
		Proof       []tlog.Hash
	}
	Consistency []struct {
		Old, Size int64
		Proof     []tlog.Hash
	}
}

// cosigner verifies timestamped Ed25519 checkpoint cosignatures, note signature type 0x04.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", at)), msg...)
	return ed25519.Verify(c.key, signed, sig[8:])
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("witness key: not three parts")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("witness key: not a cosignature key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if uint32(hash) != binary.BigEndian.Uint32(sum[:]) {
		return nil, errors.New("witness key: wrong key id")
	}
	return &cosigner{parts[0], uint32(hash), key[1:]}, nil
}

// hashes stores every hash of the tree at tlog's own index.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out[i] = h[at]
	}
	return out, nil
}

func parseCheckpoint(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// tilePath turns tlog's path (tile/8/<level>/...) into that of c2sp.org/tlog-tiles (tile/<level>/...).
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func entriesOf(dir string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := int(size - n*256)
		if width > 256 {
			width = 256
		}
		path := tilePath(tlog.Tile{H: 8, L: -1, N: n, W: width})
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends within an entry", path)
			}
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	if int64(len(entries)) != size {
		return nil, fmt.Errorf("%d entries for a tree of %d", len(entries), size)
	}
	return entries, nil
}

// openHead opens a signed checkpoint; both the log and the witness must have signed it with Ed25519.
func openHead(path string, log note.Verifier, witness *cosigner) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(log, witness))
	if err != nil {
		return tlog.Tree{}, err
	}
	// Beside each Ed25519 signature stands one of ML-DSA-44, by the same name. Nothing here knows that type: as
	// c2sp.org/signed-note has it, a signature of an unknown key is no objection.
	if len(opened.Sigs) != 2 || len(opened.UnverifiedSigs) != 2 {
		return tlog.Tree{}, fmt.Errorf("%d verified and %d unverified signatures, want 2 and 2", len(opened.Sigs), len(opened.UnverifiedSigs))
	}
	for i, unknown := range opened.UnverifiedSigs {
		if unknown.Name != opened.Sigs[i].Name {
			return tlog.Tree{}, fmt.Errorf("an unknown signature of %s", unknown.Name)
		}
	}
	return parseCheckpoint(opened.Text, log.Name())
}

// tilesOf lists the tiles of a tree: per level all full ones and the partial one.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level, width := 0, size; width > 0; level, width = level+1, width>>8 {
		for n := int64(0); n < width>>8; n++ {
			tiles = append(tiles, tlog.Tile{H: 8, L: level, N: n, W: 256})
		}
		if partial := int(width & 255); partial > 0 {
			tiles = append(tiles, tlog.Tile{H: 8, L: level, N: width >> 8, W: partial})
		}
	}
	return tiles
}

func checkTiles(dir string, size int64, stored hashes) (int, error) {
	tiles := tilesOf(size)
	for _, tile := range tiles {
		want, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return 0, err
		}
		got, err := os.ReadFile(filepath.Join(dir, tilePath(tile)))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(got, want) {
			return 0, fmt.Errorf("%s is not the tile of these entries", tilePath(tile))
		}
	}
	return len(tiles), nil
}

func checkProofs(path string, tree tlog.Tree, stored hashes, entries [][]byte) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var given proofs
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	if len(given.Inclusion) == 0 || len(given.Consistency) == 0 {
		return errors.New("no proofs to check")
	}
	for _, p := range given.Inclusion {
		root, err := tlog.TreeHash(p.Size, stored)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(p.Proof, p.Size, root, p.Index, tlog.RecordHash(entries[p.Index])); err != nil {
			return fmt.Errorf("inclusion of %d in %d: %v", p.Index, p.Size, err)
		}
	}
	for _, p := range given.Consistency {
		old, err := tlog.TreeHash(p.Old, stored)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(p.Proof, tree.N, tree.Hash, p.Old, old); err != nil {
			return fmt.Errorf("consistency of %d with %d: %v", p.Old, tree.N, err)
		}
	}
	fmt.Printf("proofs: %d inclusion, %d consistency\n", len(given.Inclusion), len(given.Consistency))
	return nil
}

func run(record, party, partner, proofFile string) error {
	data, err := os.ReadFile(filepath.Join(record, "record.json"))
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	log, err := note.NewVerifier(m.Keys[party].Log)
	if err != nil {
		return err
	}
	witness, err := newCosigner(m.Keys[partner].Witness)
	if err != nil {
		return err
	}
	dir := filepath.Join(record, party)
	tree, err := openHead(filepath.Join(dir, "checkpoint"), log, witness)
	if err != nil {
		return fmt.Errorf("checkpoint: %v", err)
	}
	fmt.Printf("checkpoint: %s, size %d, cosigned by %s\n", log.Name(), tree.N, witness.Name())
	entries, err := entriesOf(dir, tree.N)
	if err != nil {
		return err
	}
	var stored hashes
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, stored)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("entries give root %v, signed is %v", root, tree.Hash)
	}
	fmt.Printf("entries: %d give the signed root\n", len(entries))
	count, err := checkTiles(dir, tree.N, stored)
	if err != nil {
		return err
	}
	fmt.Printf("tiles: %d\n", count)
	return checkProofs(proofFile, tree, stored, entries)
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: verify RECORD PARTY PARTNER PROOFS.json")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted")
}
