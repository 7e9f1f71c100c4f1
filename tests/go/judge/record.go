package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// publicKeys is a party's public.json.
type publicKeys struct {
	Party        string `json:"party"`
	Log          string `json:"log_key"`
	Witness      string `json:"witness_key"`
	LogMLDSA     string `json:"log_key_mldsa"`
	WitnessMLDSA string `json:"witness_key_mldsa"`
}

// claimed and manifest have their members sorted by name: so they encode canonically.
type claimed struct {
	Log          string `json:"log"`
	LogMLDSA     string `json:"log_mldsa,omitempty"`
	Witness      string `json:"witness"`
	WitnessMLDSA string `json:"witness_mldsa,omitempty"`
}

type manifest struct {
	Agreement string             `json:"agreement"`
	Channel   string             `json:"channel"`
	Keys      map[string]claimed `json:"keys"`
	Prefix    string             `json:"prefix"`
	V         int64              `json:"v"`
	Witnesses *thirdParties      `json:"witnesses,omitempty"`
	Year      int64              `json:"year"`
}

// thirdParties are the witnesses that a record names: the keys of each, and how many are required.
type thirdParties struct {
	Of       [][]string `json:"of"`
	Required int64      `json:"required"`
}

type party struct {
	log, witness *signer
}

var (
	channelForm = regexp.MustCompile(`^([A-Z]{2})-([A-Z]{2})$`)
	prefixForm  = regexp.MustCompile(`^(?:[a-z0-9-]{1,32}/)?$`)
)

func readManifest(data []byte) (*manifest, error) {
	var m manifest
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return nil, err
	}
	var again bytes.Buffer
	encoder := json.NewEncoder(&again)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, err
	}
	if !bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), data) {
		return nil, errors.New("record.json is not canonical")
	}
	parties := channelForm.FindStringSubmatch(m.Channel)
	if m.V < 1 || m.V > 2 || m.Year < 2000 || m.Year > 9999 || parties == nil || parties[1] >= parties[2] || !prefixForm.MatchString(m.Prefix) {
		return nil, errors.New("no record of a channel")
	}
	if (m.Witnesses != nil) != (m.V == 2) {
		return nil, errors.New("version 2 names its third parties, and version 1 has none")
	}
	return &m, nil
}

// witnessesOf reads the third parties; each name and key stands there once.
func witnessesOf(m *manifest) ([]*signer, error) {
	var found []*signer
	if m.Witnesses == nil {
		return found, nil
	}
	names := map[string]bool{}
	for _, vkeys := range m.Witnesses.Of {
		if len(vkeys) == 0 {
			return nil, errors.New("a witness without keys")
		}
		one, err := newSigner(vkeys, 4)
		if err != nil || names[one.name] {
			return nil, fmt.Errorf("no keys of a witness: %v", err)
		}
		names[one.name] = true
		found = append(found, one)
	}
	count := int64(len(found))
	if m.Witnesses.Required > count || m.Witnesses.Required < 1 && count > 0 || m.Witnesses.Required < 0 {
		return nil, errors.New("so many witnesses can not be required")
	}
	return found, nil
}

// vkeys are those of a role, Ed25519 first; a version decides whether there is a second.
func vkeys(version int64, classic, second string) ([]string, error) {
	if (version == 2) != (second != "") {
		return nil, errors.New("version 2 has ML-DSA-44 keys, and version 1 has none")
	}
	if second == "" {
		return []string{classic}, nil
	}
	return []string{classic, second}, nil
}

// pinned says whether a verifier key holds the raw key that the user brought.
func pinned(vkey, raw string) bool {
	if vkey == "" || raw == "" {
		return vkey == raw
	}
	parts := strings.SplitN(vkey, "+", 3)
	material, err := base64.StdEncoding.Strict().DecodeString(parts[len(parts)-1])
	return err == nil && len(material) > 1 && base64.StdEncoding.EncodeToString(material[1:]) == raw
}

func readParty(m *manifest, name string, keys []publicKeys) (*party, error) {
	held, ok := m.Keys[name]
	if !ok {
		return nil, fmt.Errorf("no keys of %s", name)
	}
	logKeys, err := vkeys(m.V, held.Log, held.LogMLDSA)
	if err != nil {
		return nil, err
	}
	witnessKeys, err := vkeys(m.V, held.Witness, held.WitnessMLDSA)
	if err != nil {
		return nil, err
	}
	brought := false
	for _, k := range keys {
		brought = brought || k.Party == name && pinned(held.Log, k.Log) && pinned(held.Witness, k.Witness) &&
			pinned(held.LogMLDSA, k.LogMLDSA) && pinned(held.WitnessMLDSA, k.WitnessMLDSA)
	}
	if !brought {
		return nil, fmt.Errorf("other keys of %s than the pinned ones", name)
	}
	log, err := newSigner(logKeys, 1)
	if err != nil {
		return nil, err
	}
	witness, err := newSigner(witnessKeys, 4)
	if err != nil {
		return nil, err
	}
	origin := fmt.Sprintf("%sredshank/%s/%s/%d", m.Prefix, m.Channel, name, m.Year)
	if log.name != origin || witness.name != fmt.Sprintf("%sredshank/%s/witness", m.Prefix, name) {
		return nil, fmt.Errorf("keys of %s are named for another log", name)
	}
	return &party{log, witness}, nil
}

// desk knows which files were looked at.
type desk struct {
	files     map[string][]byte
	seen      map[string]bool
	witnesses []*signer
}

func (d *desk) take(path string) ([]byte, error) {
	d.seen[path] = true
	data, ok := d.files[path]
	if !ok {
		return nil, fmt.Errorf("%s is missing", path)
	}
	return data, nil
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

// tilePath turns tlog's path (tile/8/<level>/...) into that of c2sp.org/tlog-tiles (tile/<level>/...).
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.Replace(strings.TrimPrefix(tile.Path(), "tile/8/"), "data/", "entries/", 1)
}

func entriesOf(bundle []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, errors.New("the bundle ends within an entry")
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if length < 1 || length > 4096 || len(bundle) < 2+length {
			return nil, errors.New("an entry out of bounds")
		}
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%d entries, needs %d", len(entries), width)
	}
	return entries, nil
}

// checkEntries hashes all entries with tlog, and checks every hash tile.
func (d *desk) checkEntries(prefix string, tree tlog.Tree) (hashes, error) {
	if tree.N > 256*int64(len(d.files)) {
		return nil, errors.New("most entries are missing")
	}
	var stored hashes
	for n := int64(0); n*256 < tree.N; n++ {
		width := int(tree.N - n*256)
		if width > 256 {
			width = 256
		}
		bundle, err := d.take(prefix + tilePath(tlog.Tile{H: 8, L: -1, N: n, W: width}))
		if err != nil {
			return nil, err
		}
		entries, err := entriesOf(bundle, width)
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(n*256+int64(i), entry, stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, more...)
		}
	}
	for level, width := 0, tree.N; width > 0; level, width = level+1, width>>8 {
		for n := int64(0); n*256 < width; n++ {
			tile := tlog.Tile{H: 8, L: level, N: n, W: 256}
			if width-n*256 < 256 {
				tile.W = int(width - n*256)
			}
			want, err := tlog.ReadTileData(tile, stored)
			if err != nil {
				return nil, err
			}
			got, err := d.take(prefix + tilePath(tile))
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(got, want) {
				return nil, fmt.Errorf("%s is not the tile of these entries", tilePath(tile))
			}
		}
	}
	return stored, checkRoot(tree, stored)
}

func checkRoot(tree tlog.Tree, stored hashes) error {
	if tree.N == 0 {
		return nil
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the first %d entries give another root", tree.N)
	}
	return err
}

func (d *desk) checkLog(name string, log, witness *signer) error {
	prefix := name + "/"
	if _, ok := d.files[prefix+"checkpoint"]; !ok {
		return nil // this party signed nothing; any other file of its log is then one too many
	}
	data, _ := d.take(prefix + "checkpoint")
	newest, err := openHead(data, log, witness)
	if err != nil {
		return err
	}
	stored, err := d.checkEntries(prefix, newest.tree)
	if err != nil {
		return err
	}
	for path, data := range d.files {
		if !strings.HasPrefix(path, prefix+"receipts/") {
			continue
		}
		d.seen[path] = true
		receipt, err := openHead(data, log, witness)
		if err != nil {
			return err
		}
		fits := receipt.cosigned && path == fmt.Sprintf("%sreceipts/%d", prefix, receipt.tree.N)
		if !fits || receipt.tree.N > newest.tree.N {
			return fmt.Errorf("%s is no receipt of this log", path)
		}
		if err := checkRoot(receipt.tree, stored); err != nil {
			return err
		}
	}
	return d.checkWitnessed(prefix, log.name, newest.tree, stored)
}

// checkWitnessed checks what third parties cosigned: heads of this log, and nobody else's signatures.
func (d *desk) checkWitnessed(prefix, origin string, newest tlog.Tree, stored hashes) error {
	for path, data := range d.files {
		if !strings.HasPrefix(path, prefix+"witnessed/") {
			continue
		}
		d.seen[path] = true
		tree, err := openWitnessed(data, origin, d.witnesses)
		if err != nil {
			return err
		}
		if path != fmt.Sprintf("%switnessed/%d", prefix, tree.N) || tree.N > newest.N {
			return fmt.Errorf("%s is of another size", path)
		}
		if err := checkRoot(tree, stored); err != nil {
			return err
		}
	}
	return nil
}

func checkRecord(files map[string][]byte, keys []publicKeys) error {
	m, err := readManifest(files["record.json"])
	if err != nil {
		return err
	}
	witnesses, err := witnessesOf(m)
	if err != nil {
		return err
	}
	// voice.json holds notes that prove nothing: nothing follows from them here.
	d := &desk{files, map[string]bool{"record.json": true, "voice.json": true}, witnesses}
	// Nor from files of evidence: what they show is Redshank's own form, and not judged here.
	for number := 0; number < 64; number++ {
		d.seen[fmt.Sprintf("evidence/%d.json", number)] = true
	}
	names := strings.Split(m.Channel, "-")
	if len(m.Keys) != 2 {
		return errors.New("not the keys of two parties")
	}
	one, err := readParty(m, names[0], keys)
	if err != nil {
		return err
	}
	other, err := readParty(m, names[1], keys)
	if err != nil {
		return err
	}
	if err := d.checkLog(names[0], one.log, other.witness); err != nil {
		return err
	}
	if err := d.checkLog(names[1], other.log, one.witness); err != nil {
		return err
	}
	for path := range files {
		if !d.seen[path] {
			return fmt.Errorf("%s is no part of a record", path)
		}
	}
	return nil
}
