CREATE TABLE "audit_about" (
	"key" text NOT NULL,
	"entry" bigint NOT NULL,
	CONSTRAINT "audit_about_key_entry_pk" PRIMARY KEY("key","entry"),
	CONSTRAINT "audit_about_key" CHECK ("audit_about"."key" ~ '^[a-z]+:')
);
--> statement-breakpoint
COMMENT ON TABLE "audit_about" IS 'What an entry is found by again (registration:<region>|<patient id>, mandate:<digest>). No part of the tree: rows may go when the detail is erased.';--> statement-breakpoint
COMMENT ON COLUMN "audit_about"."entry" IS 'Number of the entry. No foreign key: entries cannot be deleted.';
