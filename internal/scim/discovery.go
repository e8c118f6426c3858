package scim

import (
	"net/http"
	"strings"

	"tandem/internal/app"
)

// config says what this server can do (RFC 7643, 5).
func (s *server) config(w http.ResponseWriter, _ *visit) error {
	able := func(b bool) document { return document{"supported": b} }
	answer(w, http.StatusOK, document{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   able(true), "changePassword": able(false), "sort": able(false), "etag": able(false),
		"bulk":   document{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": document{"supported": true, "maxResults": maxPerPage},
		"authenticationSchemes": []any{document{"type": "oauthbearertoken", "name": "Bearer token", "primary": true,
			"description": "A token an administrator makes on the workspace page."}},
		"meta": document{"resourceType": "ServiceProviderConfig", "location": s.link("ServiceProviderConfig")},
	})
	return nil
}

func (s *server) types() []document {
	one := func(name, endpoint, schema string) document {
		return document{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}, "id": name, "name": name, "endpoint": "/" + endpoint, "schema": schema,
			"meta": document{"resourceType": "ResourceType", "location": s.link("ResourceTypes", name)}}
	}
	return []document{one("User", "Users", userSchema), one("Group", "Groups", groupSchema)}
}

func (s *server) resourceTypes(w http.ResponseWriter, v *visit) error { return list(w, v, s.types()) }

func (s *server) resourceType(w http.ResponseWriter, v *visit) error { return pick(w, v, s.types()) }

// pick shows the one of some resources that the address names.
func pick(w http.ResponseWriter, v *visit, all []document) error {
	for _, d := range all {
		if strings.EqualFold(d["id"].(string), v.PathValue("id")) {
			answer(w, http.StatusOK, d)
			return nil
		}
	}
	return app.ErrNotFound
}

// quality describes an attribute of a schema.
func quality(name, kind, about string, more document) document {
	d := document{"name": name, "type": kind, "multiValued": false, "description": about, "required": false,
		"mutability": "readWrite", "returned": "default"}
	if kind == "string" {
		d["caseExact"], d["uniqueness"] = false, "none"
	}
	for k, v := range more {
		d[k] = v
	}
	return d
}

func (s *server) described() []document {
	one := func(id, name, about string, attributes ...document) document {
		list := make([]any, len(attributes))
		for i, a := range attributes {
			list[i] = a
		}
		return document{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": id, "name": name, "description": about, "attributes": list,
			"meta": document{"resourceType": "Schema", "location": s.link("Schemas", id)}}
	}
	return []document{
		one(userSchema, "User", "Member of a workspace",
			quality("userName", "string", "Name to sign in with", document{"required": true, "uniqueness": "server"}),
			quality("displayName", "string", "Name shown to people", nil),
			quality("name", "complex", "Name in parts", document{"subAttributes": []any{
				quality("formatted", "string", "Whole name", nil), quality("familyName", "string", "Family name", nil), quality("givenName", "string", "Given name", nil)}}),
			quality("emails", "complex", "Addresses; the one of work is used", document{"multiValued": true, "subAttributes": []any{
				quality("value", "string", "Address", nil), quality("type", "string", "work", nil), quality("primary", "boolean", "The main one", nil)}}),
			quality("preferredLanguage", "string", "de or en, with or without a region", nil),
			quality("active", "boolean", "Whether the member may come in", nil)),
		one(groupSchema, "Group", "Group of members; an administrator says which role it gives",
			quality("displayName", "string", "Name", document{"required": true, "uniqueness": "server"}),
			quality("members", "complex", "Members", document{"multiValued": true, "subAttributes": []any{
				quality("value", "string", "Id of a user", document{"mutability": "immutable", "caseExact": true}),
				quality("$ref", "reference", "Address of a user", document{"mutability": "immutable", "referenceTypes": []any{"User"}}),
				quality("type", "string", "User", document{"mutability": "immutable"})}})),
	}
}

func (s *server) schemas(w http.ResponseWriter, v *visit) error { return list(w, v, s.described()) }

func (s *server) schema(w http.ResponseWriter, v *visit) error { return pick(w, v, s.described()) }
