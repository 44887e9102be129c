import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/** Validate RESOURCES PACKAGE…: HL7's validator over a folder of resources, one error a line as file, id, path, text. */
public class Validate {
  public static void main(String[] folders) throws Exception {
    FhirContext context = FhirContext.forR4();
    PrePopulatedValidationSupport published = new PrePopulatedValidationSupport(context);
    IParser parser = context.newJsonParser();
    for (int index = 1; index < folders.length; index++) {
      for (Path file : filesOf(folders[index])) take(parser, published, file);
    }
    UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    FhirInstanceValidator instances = new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context), published,
        new InMemoryTerminologyServerValidationSupport(context), new CommonCodeSystemsTerminologyService(context),
        new SnapshotGeneratingValidationSupport(context), unknown));
    instances.setAnyExtensionsAllowed(true);
    instances.setErrorForUnknownProfiles(false);
    instances.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    FhirValidator validator = context.newValidator().registerValidatorModule(instances);
    for (Path file : filesOf(folders[0])) {
      try {
        for (SingleValidationMessage message : validator.validateWithResult(Files.readString(file)).getMessages()) {
          if (message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
            say(file, message.getMessageId(), message.getLocationString(), message.getMessage());
        }
      } catch (RuntimeException | Error fault) {
        say(file, "fault", "", String.valueOf(fault.getMessage()));
      }
    }
  }

  private static List<Path> filesOf(String folder) throws Exception {
    try (var files = Files.list(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static void take(IParser parser, PrePopulatedValidationSupport published, Path file) throws Exception {
    String name = file.getFileName().toString();
    if (name.startsWith("StructureDefinition-")) {
      StructureDefinition profile = (StructureDefinition) parser.parseResource(Files.readString(file));
      mend(profile);
      if (published.fetchStructureDefinition(profile.getUrl()) == null) published.addStructureDefinition(profile);
    } else if (name.startsWith("CodeSystem-")) {
      CodeSystem system = (CodeSystem) parser.parseResource(Files.readString(file));
      if (published.fetchCodeSystem(system.getUrl()) == null) published.addCodeSystem(system);
    } else if (name.startsWith("ValueSet-")) {
      ValueSet set = (ValueSet) parser.parseResource(Files.readString(file));
      if (published.fetchValueSet(set.getUrl()) == null) published.addValueSet(set);
    }
  }

  /** JP_Bundle_eReferral slices a slice of its entries, at which the validator would give up every referral whole. */
  private static void mend(StructureDefinition profile) {
    List<ElementDefinition> elements = profile.getSnapshot().getElement();
    elements.removeIf(element -> element.getId().startsWith("Bundle.entry:observation/"));
    for (ElementDefinition element : elements) {
      if (element.getId().equals("Bundle.entry:observation")) element.setSlicing(null);
    }
  }

  private static void say(Path file, String... parts) {
    StringBuilder line = new StringBuilder(file.getFileName().toString());
    for (String part : parts) line.append('\t').append(String.valueOf(part).replaceAll("[\\t\\r\\n]", " "));
    System.out.println(line);
  }
}
