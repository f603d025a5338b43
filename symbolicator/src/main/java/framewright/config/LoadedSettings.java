package framewright.config;

import java.util.List;

/** Settings, and what there is to say about the file they are from. */
public record LoadedSettings(Settings settings, List<Note> notes) {
    public LoadedSettings {
        notes = List.copyOf(notes);
    }

    /** Keys that are not known. */
    public List<Note> unknownKeys() {
        return notes.stream()
                .filter(note -> note.kind() == Note.Kind.UNKNOWN_KEY)
                .toList();
    }
}
