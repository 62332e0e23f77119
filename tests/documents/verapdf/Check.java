import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates PDFs with veraPDF: `Check ua1 2a file.pdf …` prints a line a result and what failed; exits 1 on a failure. */
public class Check {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = true;
        for (String file : args) {
            if (!file.endsWith(".pdf")) continue;
            for (String id : args) {
                if (id.endsWith(".pdf")) continue;
                PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
                try (FileInputStream in = new FileInputStream(file);
                     PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, 10, false, false, false);
                    ValidationResult result = validator.validate(parser);
                    good &= result.isCompliant();
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + id + " " + file);
                    for (TestAssertion a : result.getTestAssertions())
                        if (a.getStatus() == TestAssertion.Status.FAILED)
                            System.out.println("  " + a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage() + " @ " + a.getLocation().getContext());
                }
            }
        }
        System.exit(good ? 0 : 1);
    }
}
