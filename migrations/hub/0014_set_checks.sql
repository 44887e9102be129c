-- A foreign key is checked row by row, which was most of what writing a million links took. These say the same of a
-- statement's rows at once. That nobody ends what another is about to link, which a foreign key's row locks see to,
-- the locks of linking do already. Looking up one by one is right for one row and for ten thousand, whatever a plan
-- made for the other would say.
ALTER TABLE "link" DROP CONSTRAINT "link_of_registration";--> statement-breakpoint
ALTER TABLE "link" DROP CONSTRAINT "link_to_person";--> statement-breakpoint
ALTER TABLE "registration" DROP CONSTRAINT "registration_of_region";--> statement-breakpoint
CREATE FUNCTION link_is_of_somebody() RETURNS trigger LANGUAGE plpgsql
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh WHERE NOT EXISTS (SELECT FROM person WHERE person.id = fresh.person)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a link is to a person', TABLE = 'link', CONSTRAINT = 'link_to_person';
  END IF;
  IF EXISTS (
    SELECT FROM fresh WHERE NOT EXISTS (
      SELECT FROM registration WHERE registration.region = fresh.region AND registration.local_id = fresh.local_id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a link is of a registration', TABLE = 'link', CONSTRAINT = 'link_of_registration';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER link_made AFTER INSERT ON "link" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION link_is_of_somebody();--> statement-breakpoint
CREATE TRIGGER link_moved AFTER UPDATE ON "link" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION link_is_of_somebody();--> statement-breakpoint
CREATE FUNCTION registration_is_of_a_region() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh WHERE NOT EXISTS (SELECT FROM region WHERE region.id = fresh.region)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'a registration is of a region', TABLE = 'registration', CONSTRAINT = 'registration_of_region';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER registration_made AFTER INSERT ON "registration" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION registration_is_of_a_region();--> statement-breakpoint
CREATE FUNCTION nobody_linked_goes() RETURNS trigger LANGUAGE plpgsql
  SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF TG_TABLE_NAME = 'registration' THEN
    IF EXISTS (
      SELECT FROM gone WHERE EXISTS (
        SELECT FROM link WHERE link.region = gone.region AND link.local_id = gone.local_id)) THEN
      RAISE foreign_key_violation USING MESSAGE = 'the link of a registration goes first', TABLE = 'registration', CONSTRAINT = 'link_of_registration';
    END IF;
  ELSIF EXISTS (SELECT FROM gone WHERE EXISTS (SELECT FROM link WHERE link.person = gone.id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'the links to a person go first', TABLE = 'person', CONSTRAINT = 'link_to_person';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER registration_gone AFTER DELETE ON "registration" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION nobody_linked_goes();--> statement-breakpoint
CREATE TRIGGER person_gone AFTER DELETE ON "person" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION nobody_linked_goes();
