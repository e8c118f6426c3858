package identity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// softkey is an authenticator made of software, with the browser around it.
type softkey struct {
	id      []byte
	handle  []byte
	key     *ecdsa.PrivateKey
	count   uint32
	origin  string
	rp      string
	flags   byte
	another []byte // a handle to claim instead
}

const (
	present  = 0x01
	verified = 0x04
	attested = 0x40
)

func newSoftkey(t *testing.T) *softkey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &softkey{id: []byte(rand.Text()), key: key, origin: "https://plans.example", rp: "plans.example", flags: present | verified}
}

// options is what both kinds of options have in common.
type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
		ExcludeCredentials []struct {
			ID string `json:"id"`
		} `json:"excludeCredentials"`
	} `json:"publicKey"`
}

func read(t *testing.T, data []byte) options {
	t.Helper()
	var o options
	if err := json.Unmarshal(data, &o); err != nil || o.PublicKey.Challenge == "" {
		t.Fatalf("options %s: %v", data, err)
	}
	return o
}

var b64 = base64.RawURLEncoding

func (k *softkey) client(kind, challenge string) []byte {
	data, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": k.origin, "crossOrigin": false})
	if err != nil {
		panic(err)
	}
	return data
}

func (k *softkey) data(more byte) []byte {
	hash := sha256.Sum256([]byte(k.rp))
	out := append(hash[:], k.flags|more)
	return binary.BigEndian.AppendUint32(out, k.count)
}

// make answers a wish for a new key.
func (k *softkey) make(t *testing.T, asked []byte) []byte {
	t.Helper()
	o := read(t, asked)
	var err error
	if k.handle, err = b64.DecodeString(o.PublicKey.User.ID); err != nil {
		t.Fatal(err)
	}
	public, err := k.key.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	point := public.Bytes() // 4, x, y
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	auth := append(k.data(attested), make([]byte, 16)...)
	auth = binary.BigEndian.AppendUint16(auth, uint16(len(k.id)))
	auth = append(append(auth, k.id...), cose...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": auth})
	if err != nil {
		t.Fatal(err)
	}
	return k.answer(t, map[string]any{"clientDataJSON": b64.EncodeToString(k.client("webauthn.create", o.PublicKey.Challenge)),
		"attestationObject": b64.EncodeToString(object), "transports": []string{"internal"}})
}

// sign answers a wish to sign in.
func (k *softkey) sign(t *testing.T, asked []byte) []byte {
	t.Helper()
	o := read(t, asked)
	client := k.client("webauthn.get", o.PublicKey.Challenge)
	auth := k.data(0)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, auth...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	handle := k.handle
	if k.another != nil {
		handle = k.another
	}
	return k.answer(t, map[string]any{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(auth),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(handle)})
}

func (k *softkey) answer(t *testing.T, response map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"id": b64.EncodeToString(k.id), "rawId": b64.EncodeToString(k.id), "type": "public-key",
		"response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}
