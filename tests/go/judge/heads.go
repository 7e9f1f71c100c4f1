package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	mlDSAKeySize       = 1312
	mlDSASignatureSize = 2420
	maxSize            = 1 << 40
	maxNote            = 65536
)

// lowOrder holds the y coordinates, sign bit cleared, of all encodings of the eight points of low order (LOG-3).
var lowOrder = func() map[string]bool {
	found := map[string]bool{}
	for _, y := range []string{
		"0", "1",
		"5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
		"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
		"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
		"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
		"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",
	} {
		n, _ := new(big.Int).SetString(y, 16)
		found[hex.EncodeToString(n.FillBytes(make([]byte, 32)))] = true
	}
	return found
}()

func checkKey(key []byte) error {
	if len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("a key of %d bytes", len(key))
	}
	bigEndian := make([]byte, 32)
	for i, b := range key {
		bigEndian[31-i] = b
	}
	bigEndian[0] &= 0x7f
	if lowOrder[hex.EncodeToString(bigEndian)] {
		return errors.New("a key of low order")
	}
	return nil
}

// signer is a log or a witness: its Ed25519 key, and perhaps the ML-DSA-44 key beside it.
type signer struct {
	name     string
	verifier note.Verifier
	second   uint32 // key id of the ML-DSA-44 key
	hybrid   bool
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
	if len(sig) != 8+ed25519.SignatureSize || sig[0]&0x80 != 0 {
		return false
	}
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))), msg...)
	return ed25519.Verify(c.key, signed, sig[8:])
}

// keyOf reads a verifier key of one type and checks its id.
func keyOf(vkey string, kind byte, size int) (string, uint32, []byte, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return "", 0, nil, errors.New("not a verifier key")
	}
	material, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(material) != 1+size || material[0] != kind {
		return "", 0, nil, fmt.Errorf("not a key of type %d", kind)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	if parts[1] != hex.EncodeToString(sum[:4]) {
		return "", 0, nil, errors.New("the id does not fit the key")
	}
	return parts[0], binary.BigEndian.Uint32(sum[:]), material[1:], nil
}

func newSigner(vkeys []string, kind byte) (*signer, error) {
	name, id, key, err := keyOf(vkeys[0], kind, ed25519.PublicKeySize)
	if err != nil {
		return nil, err
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	found := &signer{name: name, verifier: &cosigner{name, id, key}}
	if kind == 1 {
		if found.verifier, err = note.NewVerifier(vkeys[0]); err != nil {
			return nil, err
		}
	}
	if len(vkeys) > 1 {
		second, id, _, err := keyOf(vkeys[1], 6, mlDSAKeySize)
		if err != nil || second != name {
			return nil, fmt.Errorf("no ML-DSA-44 key beside %s", name)
		}
		found.second, found.hybrid = id, true
	}
	return found, nil
}

type head struct {
	tree     tlog.Tree
	cosigned bool
}

var sizeForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,18})$`)

func parseCheckpoint(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" || !sizeForm.MatchString(lines[1]) {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size > maxSize {
		return tlog.Tree{}, errors.New("no size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return tlog.Tree{}, errors.New("no root")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// openHead opens a signed checkpoint. The log must have signed it; nobody else than the witness may.
func openHead(data []byte, log, witness *signer) (head, error) {
	if len(data) > maxNote {
		return head{}, errors.New("too large")
	}
	opened, err := note.Open(data, note.VerifierList(log.verifier, witness.verifier))
	if err != nil {
		return head{}, err
	}
	counts, err := countsOf(data, opened, log, witness)
	if err != nil {
		return head{}, err
	}
	if counts[log.name] != 1 {
		return head{}, errors.New("the log did not sign")
	}
	tree, err := parseCheckpoint(opened.Text, log.name)
	return head{tree, counts[witness.name] == 1}, err
}

// openWitnessed opens a head that third parties cosigned, without the log's own signature.
func openWitnessed(data []byte, origin string, witnesses []*signer) (tlog.Tree, error) {
	if len(data) > maxNote {
		return tlog.Tree{}, errors.New("too large")
	}
	verifiers := make([]note.Verifier, len(witnesses))
	for i, one := range witnesses {
		verifiers[i] = one.verifier
	}
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if _, err := countsOf(data, opened, witnesses...); err != nil {
		return tlog.Tree{}, err
	}
	return parseCheckpoint(opened.Text, origin)
}

// countsOf counts the verified signatures by name: each signer has signed with all its keys, each once, or not at all.
func countsOf(data []byte, opened *note.Note, signers ...*signer) (map[string]int, error) {
	seconds, err := secondsOf(opened, signers...)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, sig := range opened.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return nil, errors.New("stray bits in base64")
		}
		counts[sig.Name]++
	}
	for _, one := range signers {
		if counts[one.name] > 1 || one.hybrid && counts[one.name] != seconds[one.name] {
			return nil, fmt.Errorf("not both signatures of %s, each once", one.name)
		}
	}
	if lines := bytes.Count(data[len(opened.Text)+1:], []byte("\n")); lines != len(opened.Sigs)+len(opened.UnverifiedSigs) {
		return nil, errors.New("a signature stands there twice") // note.Open leaves out what it has seen
	}
	return counts, nil
}

// secondsOf counts the ML-DSA-44 lines by name; any other line that note.Open did not verify is an objection.
func secondsOf(opened *note.Note, signers ...*signer) (map[string]int, error) {
	counts := map[string]int{}
	for _, sig := range opened.UnverifiedSigs {
		blob, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
		known := false
		for _, one := range signers {
			known = known || one.hybrid && one.name == sig.Name && one.second == sig.Hash
		}
		if err != nil || !known || len(blob) != 4+8+mlDSASignatureSize {
			return nil, fmt.Errorf("an unknown signature of %s", sig.Name)
		}
		counts[sig.Name]++
	}
	return counts, nil
}
