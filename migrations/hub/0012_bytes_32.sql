-- Of 32 bytes in base64url the last character carries four bits: without this one value would have four spellings.
ALTER TABLE "handle" DROP CONSTRAINT "handle_digest";--> statement-breakpoint
ALTER TABLE "handle" ADD CONSTRAINT "handle_digest" CHECK ("digest" ~ '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$');
